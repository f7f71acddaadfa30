import { createTransport, type SendMailOptions, type Transporter } from "nodemailer";
import { localMinute } from "../../../engine/calendar/dates.ts";
import type { OutgoingNotice } from "../outgoing.ts";
import type { MailSettings } from "../settings.ts";
import type { NoticeLanguage } from "../texts.ts";
import { ChannelError } from "./channel-error.ts";

export interface MailToSend {
  /** Stays the same when it has to be sent again. */
  readonly id: string;
  readonly to: string;
  readonly language: NoticeLanguage;
  readonly notices: readonly OutgoingNotice[];
  readonly publicUrl: string | null;
}

/** The way over one mail server. */
export class MailChannel {
  readonly #from: string;
  readonly #transport: Transporter;

  constructor(settings: MailSettings) {
    this.#from = settings.from;
    this.#transport = createTransport({
      url: settings.url,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 20_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  /** Throws `ChannelError`: one that stays where the server refuses the mail for good (SMTP 5xx), else one that passes. */
  async send(mail: MailToSend): Promise<void> {
    try {
      await this.#transport.sendMail(composed(mail, this.#from));
    } catch (error) {
      const answer =
        typeof error === "object" && error !== null && "responseCode" in error ? Number(error.responseCode) : 0;
      const code = error instanceof Error && "code" in error ? String(error.code) : "SMTP";
      throw new ChannelError(answer > 0 ? `SMTP_${answer}` : code, "the mail was not taken", answer < 500, {
        cause: error,
      });
    }
  }

  close(): void {
    this.#transport.close();
  }
}

const words = {
  zh: {
    many: (count: number) => `${count} 条通知`,
    open: "打开",
    choose: "在“通知设置”里选择接收哪些通知、何时接收",
    why: "您收到这封邮件，是因为在接力系统的通知设置中登记了此地址。请勿回复。",
  },
  en: {
    many: (count: number) => `${count} notices`,
    open: "Open",
    choose: "Choose in “Notice settings” what you are told and when",
    why: "You get this mail because this address stands in your notice settings of Jieli. Please do not reply.",
  },
} as const;

/** The mail as a whole: one notice, or several as a list, as text and as HTML. */
export function composed(mail: MailToSend, from: string): SendMailOptions {
  const { notices, language, publicUrl, id, to } = mail;
  const told = words[language];
  const [first] = notices;
  const subject = notices.length === 1 && first ? first.subject[language] : told.many(notices.length);
  const domain = from.split("@")[1] ?? "localhost";
  const settingsUrl = publicUrl === null ? null : `${publicUrl}/notices/settings`;
  return {
    from: { name: "Jieli", address: from },
    to: { name: "", address: to },
    subject: `[Jieli] ${subject}`,
    messageId: `<${id}@${domain}>`,
    text: plain(mail, settingsUrl),
    html: html(mail, settingsUrl),
    headers: {
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
      "List-Id": `Jieli notices <notices.${domain}>`,
      ...(settingsUrl === null ? {} : { "List-Unsubscribe": `<${settingsUrl}>` }),
    },
  };
}

function plain({ notices, language }: MailToSend, settingsUrl: string | null): string {
  const told = words[language];
  const lines = notices.map(({ at, subject, link }) =>
    [`${localMinute(at)}  ${subject[language]}`, ...(link === null ? [] : [`  ${link}`])].join("\n"),
  );
  const choose = settingsUrl === null ? [] : [`${told.choose}: ${settingsUrl}`];
  return `${lines.join("\n\n")}\n\n-- \n${[told.why, ...choose].join("\n")}\n`;
}

function html({ notices, language }: MailToSend, settingsUrl: string | null): string {
  const told = words[language];
  const rows = notices.map(
    ({ at, subject, link }) =>
      `<li style="margin:0 0 12px"><span style="color:#555">${localMinute(at)}</span> ${escapeHtml(subject[language])}` +
      (link === null ? "" : ` <a href="${escapeHtml(link)}">${told.open}</a>`) +
      "</li>",
  );
  const choose = settingsUrl === null ? "" : ` <a href="${escapeHtml(settingsUrl)}">${told.choose}</a>`;
  const lang = language === "zh" ? "zh-CN" : "en";
  return (
    `<!doctype html><html lang="${lang}"><body style="font-family:sans-serif;font-size:15px;line-height:1.6">` +
    `<ul style="list-style:none;padding:0">${rows.join("")}</ul>` +
    `<p style="color:#555;font-size:13px">${told.why}${choose}</p></body></html>`
  );
}

function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);
}
