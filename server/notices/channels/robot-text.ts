import type { OutgoingNotice } from "../outgoing.ts";
import type { NoticeLanguage } from "../texts.ts";

const more = { zh: (count: number) => `另有 ${count} 条通知`, en: (count: number) => `and ${count} more` };
const open = { zh: "打开", en: "Open" };

/** A line of markdown for each notice, as many as fit into `bytes` of UTF-8; the rest is counted in a last line. */
export function robotMarkdown(
  notices: readonly OutgoingNotice[],
  language: NoticeLanguage,
  { bytes, lineEnd }: { readonly bytes: number; readonly lineEnd: string },
): string {
  const lines = notices.map(
    ({ subject, link }) =>
      `- ${escapeMarkdown(subject[language])}${link === null ? "" : ` [${open[language]}](${link})`}`,
  );
  const reserve = Buffer.byteLength(`${lineEnd}${more[language](notices.length)}`);
  const kept: string[] = [];
  let size = 0;
  for (const line of lines) {
    size += Buffer.byteLength(line) + lineEnd.length;
    if (size > bytes - reserve) break;
    kept.push(line);
  }
  const left = notices.length - kept.length;
  return [...kept, ...(left > 0 ? [more[language](left)] : [])].join(lineEnd);
}

/** What begins formatting, a link, a mention (`<@…>`) or HTML becomes harmless; robots know no escape for it, so it is replaced. */
function escapeMarkdown(value: string): string {
  const harmless: Readonly<Record<string, string>> = {
    "<": "＜",
    ">": "＞",
    "[": "［",
    "]": "］",
    "@": "＠",
    "*": "＊",
    "`": "'",
    "#": "＃",
    "!": "！",
  };
  return value.replace(/[<>[\]@*`#!]/g, (found) => harmless[found] ?? "");
}
