import { BpmnModdle } from "bpmn-moddle";
import { Reader, type ReaderContext } from "moddle-xml";
import { refuseContents } from "./gate-contents.ts";
import { gate, refuseText } from "./gate.ts";
import { jieliModdle } from "./jieli-moddle.ts";
import { asElement, type ModdleElement } from "./moddle-element.ts";
import { problem, warning, type Problem } from "./problems.ts";
import { breachOf } from "./rules/rule-table.ts";

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

/**
 * The one door by which BPMN text comes in, for browser, server and checks alike. Whatever the parser only warns about
 * (unknown elements, dangling references, duplicate ids) refuses the file, because it would run otherwise than it reads.
 */
export async function parseBpmn(xml: string): Promise<ParsedFile> {
  const refused = refuseText(xml);
  if (refused) return unread([refused]);
  const complaints: Complaint[] = [];
  try {
    const definitions = asElement((await readWithLimit(xml, complaints)).rootElement);
    const told = complaints.map((found) => ({ ...found, problem: parserProblem(found, xml) }));
    const problems = told.map((complaint) => complaint.problem);
    const excess = definitions ? refuseContents(definitions) : null;
    if (excess) return unread([...problems, excess]);
    return { definitions, problems, unresolved: told.flatMap(unresolvedReference) };
  } catch (error) {
    if (error instanceof TooManyComplaints)
      return unread([...complaints.map((found) => parserProblem(found, xml)), tooManyFaults()]);
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return unread([
      problem(
        "XML_UNREADABLE",
        null,
        `文件不是可读的 BPMN 2.0 XML：${reason}`,
        `The file is no readable BPMN 2.0 XML: ${reason}`,
      ),
    ]);
  }
}

function unread(problems: readonly Problem[]): ParsedFile {
  return { definitions: null, problems, unresolved: [] };
}

function unresolvedReference(complaint: Complaint & { readonly problem: Problem }): readonly UnresolvedReference[] {
  const owner = asElement(complaint.element);
  const { property, value } = complaint;
  return owner && typeof property === "string" && typeof value === "string"
    ? [{ owner, property, value, problem: complaint.problem }]
    : [];
}

interface Complaint {
  readonly message: string;
  readonly element?: unknown;
  readonly property?: unknown;
  readonly value?: unknown;
}

class TooManyComplaints extends Error {}

/** Describes the types of BPMN and ours; building it costs more than reading a small file, and it keeps nothing of a file. */
const model = new BpmnModdle({ jieli: jieliModdle });

/** Reads as `BpmnModdle.fromXML` does, but gives up after so many complaints: each costs a walk through the file. */
async function readWithLimit(xml: string, complaints: Complaint[]) {
  const reader = new Reader({ model, lax: true });
  const root = reader.handler("bpmn:Definitions");
  // The reader hands its context to the root handler before it begins; there is no other way to see complaints as they come.
  Object.defineProperty(root, "context", {
    configurable: true,
    set(context: ReaderContext) {
      Object.defineProperty(root, "context", { value: context, writable: true });
      context.addWarning = (found) => {
        if (complaints.length >= gate.complaints) throw new TooManyComplaints();
        complaints.push(found);
      };
    },
  });
  return reader.fromXML(xml, root);
}

function tooManyFaults(): Problem {
  return problem(
    "TOO_MANY_FAULTS",
    null,
    `文件的问题超过 ${gate.complaints} 处，其余未检查；请先改正上述问题`,
    `The file has more than ${gate.complaints} faults; the others were not looked at. Mend these first`,
  );
}

const typeReferences: ReadonlySet<string> = new Set(["bpmn:structureRef", "bpmn:itemRef", "bpmn:itemSubjectRef"]);

function parserProblem(found: Complaint, xml: string): Problem {
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
  let from = 0;
  for (let passed = 0; passed < line; passed += 1) from = xml.indexOf("\n", from) + 1;
  const start = xml.indexOf(`<${tag}`, from);
  const end = xml.indexOf(">", start);
  if (start === -1 || end === -1) return null;
  return /\sid="([^"]*)"/.exec(xml.slice(start, end))?.[1] ?? null;
}
