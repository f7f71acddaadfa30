import { open } from "node:fs/promises";
import { fileTypeFromFile } from "file-type";
import type { AttachmentKind, AttachmentRules } from "../content/talk.schema.ts";
import { RuntimeProblem } from "../runtime/errors.ts";
import { endingOf } from "./file-name.ts";

const sampleBytes = 64 * 1024;

/**
 * The kind of a received file, by its content and by its name. Throws 422 `ATTACHMENT_KIND` when the kind is not on the list,
 * and `ATTACHMENT_MISMATCH` that says what was found when the name promises something else.
 */
export async function kindOfFile(path: string, name: string, rules: AttachmentRules): Promise<AttachmentKind> {
  const ending = endingOf(name);
  const named = rules.kinds.find(({ endings }) => endings.includes(ending));
  const allowed = rules.kinds.flatMap(({ endings }) => endings).join(" ");
  if (!named)
    throw new RuntimeProblem(
      422,
      "ATTACHMENT_KIND",
      { zh: `不允许上传此类文件（.${ending}）`, en: `Files of this kind (.${ending}) are not accepted` },
      { zh: `允许的类型：${allowed}`, en: `Accepted: ${allowed}` },
    );
  const found = await mediaOf(path);
  if (found === named.media || (found === "text/plain" && named.media.startsWith("text/"))) return named;
  throw new RuntimeProblem(
    422,
    "ATTACHMENT_MISMATCH",
    {
      zh: `文件名为 .${ending}，内容却是 ${found ?? "无法识别的类型"}`,
      en: `The file is named .${ending}, but its content is ${found ?? "of no known kind"}`,
    },
    { zh: "请上传与扩展名一致的原始文件", en: "Upload the original file, whose name and content agree" },
  );
}

/** What the content is, whatever the name says; `null` for what nobody knows. */
async function mediaOf(path: string): Promise<string | null> {
  const found = await fileTypeFromFile(path);
  if (found?.mime === "application/zip") return (await holdsName(path, "OFD.xml")) ? "application/ofd" : found.mime;
  if (found) return found.mime;
  return (await readsAsText(path)) ? "text/plain" : null;
}

/** GB/T 33190: an OFD file is a ZIP archive with `OFD.xml` at its root, named in the directory at the end of the archive. */
async function holdsName(path: string, name: string): Promise<boolean> {
  const { head, tail } = await ends(path);
  return head.includes(name) || tail.includes(name);
}

async function readsAsText(path: string): Promise<boolean> {
  const { head, size } = await ends(path);
  if (size === 0 || head.includes(0)) return false;
  const readable = (encoding: string) => {
    try {
      // A letter may be cut at the end of the sample: `stream` leaves it open.
      new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true });
      return true;
    } catch (error) {
      if (error instanceof TypeError) return false;
      throw error;
    }
  };
  return readable("utf-8") || readable("gb18030");
}

async function ends(path: string): Promise<{ head: Buffer; tail: Buffer; size: number }> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const length = Math.min(size, sampleBytes);
    const head = Buffer.alloc(length);
    const tail = Buffer.alloc(length);
    await file.read(head, 0, length, 0);
    await file.read(tail, 0, length, size - length);
    return { head, tail, size };
  } finally {
    await file.close();
  }
}
