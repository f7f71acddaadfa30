import { BpmnModdle } from "bpmn-moddle";
import { jieliModdle } from "./jieli-moddle.ts";
import { problem, warning, type Problem } from "./problems.ts";
import { breachOf } from "./rules/rule-table.ts";

/** An element as bpmn-moddle reads it. Unknown data: every property is checked where it is used. */
export interface ModdleElement {
  readonly $type: string;
  readonly id?: string;
  readonly [property: string]: unknown;
}

/** A reference by id that leads nowhere, with the problem that this is to us. */
export interface UnresolvedReference {
  readonly owner: ModdleElement;
  readonly property: string;
  readonly value: string;
  readonly problem: Problem;
}

export interface ParsedFile {
  readonly definitions: ModdleElement | null;
  readonly problems: readonly Problem[];
  /** Other engines write names of variables where BPMN has references: the import looks at these. */
  readonly unresolved: readonly UnresolvedReference[];
}

/** `textFormat` of a documentation that keeps what an import could not translate. It is no description of the element. */
export const importNote = "text/x-jieli-import";

/** Limits of the deployment gate: beyond them parsing or running would cost the server more than a diagram may. */
export const gate = { bytes: 1_048_576, flowElements: 2_000, depth: 8 } as const;

/**
 * The one door by which BPMN text comes in, for browser, server and checks alike. Whatever the parser only warns about
 * (unknown elements, dangling references, duplicate ids) refuses the file, because it would run otherwise than it reads.
 */
export async function parseBpmn(xml: string): Promise<ParsedFile> {
  const refused = refuseText(xml);
  if (refused) return { definitions: null, problems: [refused], unresolved: [] };
  const moddle = new BpmnModdle({ jieli: jieliModdle });
  try {
    const { rootElement, warnings } = await moddle.fromXML(xml);
    const found = warnings.map((warned) => ({ ...warned, problem: parserProblem(warned, xml) }));
    const unresolved = found.flatMap(({ element, property, value, problem: told }) => {
      const owner = asElement(element);
      return owner && typeof property === "string" && typeof value === "string"
        ? [{ owner, property, value, problem: told }]
        : [];
    });
    return { definitions: asElement(rootElement), problems: found.map(({ problem: told }) => told), unresolved };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return {
      definitions: null,
      unresolved: [],
      problems: [
        problem(
          "XML_UNREADABLE",
          null,
          `文件不是可读的 BPMN 2.0 XML：${reason}`,
          `The file is no readable BPMN 2.0 XML: ${reason}`,
        ),
      ],
    };
  }
}

function refuseText(xml: string): Problem | null {
  const bytes = new TextEncoder().encode(xml).length;
  if (bytes > gate.bytes) {
    return problem(
      "FILE_TOO_LARGE",
      null,
      `文件有 ${bytes} 字节，最多 ${gate.bytes} 字节`,
      `The file has ${bytes} bytes; ${gate.bytes} is the most`,
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
  return null;
}

const typeReferences: ReadonlySet<string> = new Set(["bpmn:structureRef", "bpmn:itemRef", "bpmn:itemSubjectRef"]);

function parserProblem(
  found: { message: string; element?: unknown; property?: unknown; value?: unknown },
  xml: string,
): Problem {
  const text = (found.message ?? "").split("\n")[0] ?? "";
  const owner = ownerOf(asElement(found.element));
  if (text.startsWith("unresolved reference")) {
    // The picture or a data type alone is at fault: the process runs as it reads.
    if (owner?.$type.startsWith("bpmndi:") || typeReferences.has(String(found.property))) {
      return warning(
        "REFERENCE_WITHOUT_EFFECT",
        owner?.id ?? null,
        `${owner?.id ?? "?"} 引用了不存在的 ${String(found.value)}；对执行没有影响`,
        `${owner?.id ?? "?"} refers to ${String(found.value)}, which does not exist; execution does not depend on it`,
      );
    }
    return breachOf("REFERENCE_DANGLING", owner?.id ?? null, typeof found.value === "string" ? found.value : text);
  }
  if (text === "unknown attribute <default>") return breachOf("DEFAULT_MISPLACED", owner?.id ?? null);
  const illegal = /illegal ID <([^>]*)>/.exec(found.message)?.[1];
  if (illegal !== undefined) return breachOf("ID_INVALID", illegal);
  const duplicate = /duplicate ID <([^>]*)>/.exec(found.message)?.[1];
  if (duplicate !== undefined) return breachOf("ID_DUPLICATE", duplicate);
  const unknown = /unparsable content <([^>]+)>/.exec(text);
  const line = /line: (\d+)/.exec(found.message ?? "")?.[1];
  return problem(
    unknown ? "ELEMENT_UNKNOWN" : "XML_WARNING",
    unknown ? idOfTag(xml, unknown[1] ?? "", Number(line ?? 0)) : (owner?.id ?? null),
    `文件内容无法识别${unknown ? `：<${unknown[1]}>` : ""}${line ? `（第 ${Number(line) + 1} 行）` : ""}：${found.message.split("nested error: ")[1] ?? text}`,
    `The file holds content that is not understood${line ? ` (line ${Number(line) + 1})` : ""}: ${found.message.split("nested error: ")[1] ?? text}`,
  );
}

/** What a designer sees: the event, where its definition is at fault. */
function ownerOf(element: ModdleElement | null): ModdleElement | null {
  return element?.$type.endsWith("EventDefinition") ? (asElement(element["$parent"]) ?? element) : element;
}

/** Id written on the first such tag from `line` on; the parser itself does not tell it. */
function idOfTag(xml: string, tag: string, line: number): string | null {
  const from = xml.split("\n").slice(line).join("\n");
  const escaped = tag.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`<${escaped}\\b[^>]*?\\bid="([^"]*)"`).exec(from)?.[1] ?? null;
}

/** The value as a moddle element; `null` when it is none. */
export function asElement(value: unknown): ModdleElement | null {
  return typeof value === "object" && value !== null && "$type" in value ? (value as ModdleElement) : null;
}

export function elementsOf(value: unknown): readonly ModdleElement[] {
  return Array.isArray(value) ? value.map(asElement).filter((item) => item !== null) : [];
}

export function textOf(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

/** First `bpmn:documentation` text of an element that describes it. */
export function documentationOf(element: ModdleElement): string | null {
  const described = elementsOf(element["documentation"]).find(({ textFormat }) => textFormat !== importNote);
  return textOf(described?.["text"]);
}
