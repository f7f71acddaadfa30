import { problem, type Problem } from "./problems.ts";

/**
 * Limits of the deployment gate: beyond them parsing or running would cost the server more than a diagram may. They hold what
 * a file costs before anything is built from it; the largest process that ships has 900 tags.
 */
export const gate = {
  bytes: 1_048_576,
  tags: 30_000,
  /** Levels of XML elements, far above what sub-processes within sub-processes come to. */
  levels: 64,
  attributes: 64,
  /** What the parser may complain of before it gives up: finding the line of each costs a walk through the file. */
  complaints: 100,
  /** Flow nodes of the file, and sequence flows a node. */
  flowElements: 2_000,
  flowsPerNode: 4,
  /** Sum of the squares of the lengths of all expressions: what parsing garbage as FEEL costs, here about a second. */
  expressionCost: 10_000_000,
  /** Sub-processes within sub-processes. */
  depth: 8,
} as const;

/** Refuses text that is too large or declares entities, without parsing it. Walks through it once. */
export function refuseText(xml: string): Problem | null {
  const bytes = new TextEncoder().encode(xml).length;
  if (bytes > gate.bytes) {
    return problem(
      "FILE_TOO_LARGE",
      null,
      `文件有 ${bytes} 字节，最多 ${gate.bytes} 字节；请拆分流程`,
      `The file has ${bytes} bytes; ${gate.bytes} is the most. Split the process`,
    );
  }
  if (/<!DOCTYPE|<!ENTITY/i.test(xml)) {
    return problem(
      "DOCTYPE_FORBIDDEN",
      null,
      "文件含有 DOCTYPE 或 ENTITY 声明，出于安全原因不接受；请删除该声明",
      "The file declares a DOCTYPE or ENTITY, which is refused for safety; remove the declaration",
    );
  }
  return refuseMarkup(xml);
}

function refuseMarkup(xml: string): Problem | null {
  let tags = 0;
  let level = 0;
  for (let at = xml.indexOf("<"); at !== -1; at = xml.indexOf("<", at)) {
    const skipped = afterUnparsed(xml, at);
    if (skipped !== null) {
      at = skipped;
      continue;
    }
    const tag = readTag(xml, at);
    at = tag.end;
    if (tag.closes) {
      level -= 1;
      continue;
    }
    tags += 1;
    if (!tag.isEmpty) level += 1;
    if (tags > gate.tags) return tooMuch("TOO_MANY_ELEMENTS", "标签", "tags", gate.tags);
    if (level > gate.levels) return tooMuch("NESTING_TOO_DEEP", "层嵌套", "levels of nesting", gate.levels);
    if (tag.attributes > gate.attributes)
      return tooMuch("TOO_MANY_ATTRIBUTES", "个属性（单个标签）", "attributes of one tag", gate.attributes);
  }
  return null;
}

function tooMuch(code: string, zh: string, en: string, most: number): Problem {
  return problem(
    code,
    null,
    `文件超出上限：最多 ${most} ${zh}；请精简或拆分`,
    `The file is beyond what is accepted: ${most} ${en} at most. Simplify or split it`,
  );
}

/** End of a comment, of CDATA or of a processing instruction that begins at `at`; `null` when a tag begins there. */
function afterUnparsed(xml: string, at: number): number | null {
  for (const [begins, ends] of [
    ["<!--", "-->"],
    ["<![CDATA[", "]]>"],
    ["<?", "?>"],
  ] as const) {
    if (!xml.startsWith(begins, at)) continue;
    const end = xml.indexOf(ends, at + begins.length);
    return end === -1 ? xml.length : end + ends.length;
  }
  return null;
}

interface Tag {
  readonly end: number;
  readonly closes: boolean;
  readonly isEmpty: boolean;
  readonly attributes: number;
}

function readTag(xml: string, from: number): Tag {
  let attributes = 0;
  let inGap = false;
  let at = from + 1;
  for (; at < xml.length && xml[at] !== ">"; at += 1) {
    const character = xml[at] ?? "";
    if (character === '"' || character === "'") {
      const quote = xml.indexOf(character, at + 1);
      at = quote === -1 ? xml.length : quote;
    } else if (character <= " ") {
      inGap = true;
    } else if (inGap && character !== "/") {
      attributes += 1;
      inGap = false;
    }
  }
  return { end: at + 1, closes: xml[from + 1] === "/", isEmpty: xml[at - 1] === "/", attributes };
}
