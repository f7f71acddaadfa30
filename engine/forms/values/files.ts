import { z } from "zod";
import type { AttachmentFault, AttachmentRef } from "../context.ts";
import type { FileField } from "../form.ts";
import { invalid, refuse, type Checked, type Site } from "./checked.ts";

const references = z.array(z.looseObject({ id: z.string().min(1).max(80) })).max(20);

/**
 * Files by their ids. What is kept is what the store of attachments says of them, never what was sent; where the store is out of
 * reach (in the browser) it is left as it came, and the server looks again.
 */
export function checkFiles(field: FileField, value: unknown, site: Site): Checked {
  const parsed = references.safeParse(value);
  if (!parsed.success) return invalid(field, site);
  if (!field.multiple && parsed.data.length > 1)
    return refuse("FILE_TOO_MANY", field, site, (name) => [`${name}只能上传一个文件`, `${name} takes one file`]);
  const { attachment } = site.context;
  const files: AttachmentRef[] = [];
  for (const reference of parsed.data) {
    const found = attachment ? attachment(reference.id) : asSent(reference);
    if (!found)
      return refuse("FILE_UNKNOWN", field, site, (name) => [
        `${name}的文件不存在或您无权引用，请重新上传`,
        `The file of ${name} does not exist or is not yours to refer to; upload it`,
      ]);
    if (typeof found === "string") return refuse(faults[found].code, field, site, faults[found].text);
    if (field.accept.length > 0 && !field.accept.some((type) => isOfType(found, type)))
      return refuse("FILE_TYPE", field, site, (name) => [
        `${name}只接受 ${field.accept.join("、")}`,
        `${name} takes ${field.accept.join(", ")} only`,
      ]);
    files.push(found);
  }
  return { value: files.map(({ id, name, size, type }) => ({ id, name, size, type })) };
}

interface Fault {
  readonly code: string;
  readonly text: (name: string) => readonly [zh: string, en: string];
}

const faults: Readonly<Record<AttachmentFault, Fault>> = {
  elsewhere: {
    code: "FILE_USED_ELSEWHERE",
    text: (name) => [
      `${name}的文件已随其他内容提交，请重新上传`,
      `The file of ${name} was sent with something else already; upload it again`,
    ],
  },
  pending: {
    code: "FILE_BEING_SCANNED",
    text: (name) => [
      `${name}的文件正在安全检查，请稍后再提交`,
      `The file of ${name} is being checked; send again shortly`,
    ],
  },
  infected: {
    code: "FILE_INFECTED",
    text: (name) => [
      `${name}的文件含有有害内容，请更换文件`,
      `The file of ${name} was found harmful; put another in its place`,
    ],
  },
};

function asSent(reference: Readonly<Record<string, unknown>> & { readonly id: string }): AttachmentRef {
  const { id, name, size, type } = reference;
  return {
    id,
    name: typeof name === "string" ? name : id,
    size: Number(size ?? 0),
    type: typeof type === "string" ? type : "",
  };
}

/** As the `accept` of an upload says it: a media type, `image/*`, or the ending of a name. */
function isOfType({ name, type }: AttachmentRef, accepted: string): boolean {
  if (accepted.startsWith(".")) return name.toLowerCase().endsWith(accepted.toLowerCase());
  return accepted.endsWith("/*") ? type.startsWith(accepted.slice(0, -1)) : type === accepted;
}
