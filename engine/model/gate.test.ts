import { describe, expect, it } from "vitest";
import { compileDefinitions } from "./compile.ts";
import { gate } from "./gate.ts";

const head = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="file" targetNamespace="urn:test">';
const inProcess = (body: string) => `${head}<process id="p" isExecutable="true">${body}</process></definitions>`;
const times = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join("");

/** Files below 1 MiB, each of which kept the server busy for seconds, or for ever, before the gate counted its contents. */
const hostile: readonly (readonly [string, string, string])[] = [
  ["more tags than any diagram has", "TOO_MANY_ELEMENTS", inProcess(times(gate.tags, () => "<foo/>"))],
  ["more faults than anybody would read", "TOO_MANY_FAULTS", inProcess(times(15_000, () => "<foo/>\n"))],
  ["text where none belongs", "TOO_MANY_FAULTS", inProcess(times(9_000, (i) => `<task id="t${i}">x</task>\n`))],
  ["one id again and again", "TOO_MANY_FAULTS", inProcess(times(15_000, () => '<task id="t"/>'))],
  [
    "more nodes than a process may have",
    "TOO_MANY_ELEMENTS",
    inProcess(times(gate.flowElements + 1, (i) => `<task id="t${i}"/>`)),
  ],
  [
    "more flows than nodes can use",
    "TOO_MANY_ELEMENTS",
    inProcess(
      `<task id="t"/>${times(gate.flowElements * gate.flowsPerNode + 1, (i) => `<sequenceFlow id="f${i}" sourceRef="t" targetRef="t"/>`)}`,
    ),
  ],
  [
    "sub-processes that exhaust the stack",
    "NESTING_TOO_DEEP",
    inProcess(times(9_000, (i) => `<subProcess id="s${i}">`) + "</subProcess>".repeat(9_000)),
  ],
  [
    "a tag of a thousand attributes",
    "TOO_MANY_ATTRIBUTES",
    inProcess(`<task id="t" ${times(1_000, (i) => `a${i}="" `)}/>`),
  ],
  [
    "garbage in hundreds of expressions",
    "EXPRESSIONS_TOO_LONG",
    inProcess(
      `<task id="t"/>${times(400, (i) => `<sequenceFlow id="f${i}" sourceRef="t" targetRef="t"><conditionExpression>${"- ".repeat(900)}</conditionExpression></sequenceFlow>`)}`,
    ),
  ],
  [
    "brackets that exhaust the stack",
    "EXPRESSION_SYNTAX",
    inProcess(
      `<task id="t"/><task id="u"/><sequenceFlow id="g" sourceRef="t" targetRef="u"/><sequenceFlow id="f" sourceRef="t" targetRef="u"><conditionExpression>${"[".repeat(1_900)}</conditionExpression></sequenceFlow>`,
    ),
  ],
];

describe("the gate", () => {
  it.each(hostile)("refuses %s by %s", async (_name, code, xml) => {
    const { processes, problems } = await compileDefinitions(xml);
    expect(processes).toEqual([]);
    expect(problems.map((found) => found.code)).toContain(code);
    expect(problems.length).toBeLessThanOrEqual(gate.complaints + 1);
  });

  it("counts neither comments, CDATA, instructions nor quoted brackets as tags", async () => {
    const noise = `<!-- ${"<a>".repeat(gate.tags)} --><documentation><![CDATA[${"<a>".repeat(gate.tags)}]]></documentation>`;
    const { problems } = await compileDefinitions(inProcess(`${noise}<task id="t" name="${"> ".repeat(99)}"/>`));
    expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});
