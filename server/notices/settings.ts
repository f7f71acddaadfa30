import { BlockList, isIP } from "node:net";

/** What an installation says about the ways out of the product. */
export interface NoticeSettings {
  /** Where people reach the console, without a slash at the end; `null`: notices go out without links. */
  readonly publicUrl: string | null;
  /** `null`: no mail server, so no mail is ever planned. */
  readonly mail: MailSettings | null;
  /** Private addresses that webhooks and robots may reach nevertheless. */
  readonly allowed: BlockList;
}

export interface MailSettings {
  /** `smtp://user:password@host:587` (STARTTLS where offered) or `smtps://…:465`. */
  readonly url: string;
  readonly from: string;
}

/** A setting that cannot be used; the message names it. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** Nothing leaves the product but to public addresses of webhooks. */
export const nothingSet: NoticeSettings = { publicUrl: null, mail: null, allowed: new BlockList() };

/** Reads the settings from the environment (docs/operator-guide.md). Throws `SettingsError` for one that cannot be used. */
export function noticeSettings(environment: Readonly<Record<string, string | undefined>>): NoticeSettings {
  return {
    publicUrl: publicUrlOf(environment["JIELI_PUBLIC_URL"] ?? ""),
    mail: mailOf(environment["JIELI_SMTP_URL"] ?? "", environment["JIELI_MAIL_FROM"] ?? ""),
    allowed: allowedOf(environment["JIELI_WEBHOOK_ALLOW"] ?? ""),
  };
}

function publicUrlOf(value: string): string | null {
  if (value === "") return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "" || url.username !== "")
    throw new SettingsError(`JIELI_PUBLIC_URL is no http(s) address: ${value}`);
  return url.href.replace(/\/+$/, "");
}

function mailOf(url: string, from: string): MailSettings | null {
  if (url === "") return null;
  // The address may hold a password: it is never repeated.
  if (!URL.canParse(url) || !/^smtps?:$/.test(new URL(url).protocol))
    throw new SettingsError("JIELI_SMTP_URL begins with smtp:// or smtps://");
  if (!/^[^\s@<>]+@[^\s@<>]+$/.test(from))
    throw new SettingsError(
      `JIELI_MAIL_FROM is the address that mail comes from, such as jieli@example.gov.cn: ${from}`,
    );
  return { url, from };
}

/** Addresses and CIDR ranges, separated by commas. Never names: whoever answers for a name could move it elsewhere. */
function allowedOf(value: string): BlockList {
  const allowed = new BlockList();
  for (const entry of value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")) {
    const [address = "", prefix] = entry.split("/");
    const family = isIP(address);
    const bits = prefix === undefined ? (family === 6 ? 128 : 32) : Number(prefix);
    if (family === 0 || !Number.isInteger(bits) || bits < 0 || bits > (family === 6 ? 128 : 32))
      throw new SettingsError(`JIELI_WEBHOOK_ALLOW holds addresses and ranges such as 10.20.0.0/16: ${entry}`);
    allowed.addSubnet(address, bits, family === 6 ? "ipv6" : "ipv4");
  }
  return allowed;
}
