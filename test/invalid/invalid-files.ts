import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A file that breaks one rule of the specification. Its first comment says which, where, and how to mend it. */
export interface InvalidFile {
  readonly name: string;
  readonly code: string;
  /** Id of the element at fault; `null` where that element has none. */
  readonly at: string | null;
  readonly xml: string;
  /** The same file without the fault. */
  readonly mended: string;
}

const folder = join(import.meta.dirname, "files");

export function readInvalidFiles(): readonly InvalidFile[] {
  return readdirSync(folder)
    .sort()
    .map((name) => readOne(name, readFileSync(join(folder, name), "utf8")));
}

function readOne(name: string, text: string): InvalidFile {
  const [, header = "", xml = ""] = /<!--\n([\s\S]*?)\n-->\n([\s\S]*)$/.exec(text) ?? [];
  const [, code = "", at = ""] = /^ {2}breaks: (\w+) at (.+)$/m.exec(header) ?? [];
  const mends = [...header.matchAll(/^ {2}mend: (.+?) =>(?: (.*))?$/gm)];
  if (code === "" || mends.length === 0) throw new Error(`${name} does not say what it breaks and how to mend it`);
  const mended = mends.reduce((before, [, from = "", to = ""]) => {
    if (!before.includes(from)) throw new Error(`${name} holds no ${from}`);
    return before.replace(from, () => to);
  }, xml);
  return { name, code, at: at === "(none)" ? null : at, xml, mended };
}
