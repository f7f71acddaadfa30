import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { bpmn } from "../../test/support/bpmn.ts";
import { compileDefinitions } from "../model/compile.ts";
import type { ProcessModel } from "../model/process-model.ts";
import type { Destination } from "./book.ts";
import type { ImportedField } from "./forms/form-file.ts";
import type { Note } from "./notes.ts";
import { translate, type Translation } from "./translate.ts";

const folder = join(import.meta.dirname, "..", "..", "test", "interchange");
const files = readdirSync(folder).filter((file) => file.endsWith(".bpmn"));
const read = (file: string) => readFileSync(join(folder, file), "utf8");

const destination: Destination = {
  roles: new Set(["provider-head", "provider-clerk", "authority-reviewer"]),
  actors: new Map([["data-bureau", { role: "authority-reviewer", at: "applicantAuthority" }]]),
};

type Translated = Extract<Translation, { type: "translated" }>;

async function translated(xml: string): Promise<Translated> {
  const result = await translate(xml, destination);
  if (result.type === "refused") throw new Error(JSON.stringify(result.problems));
  return result;
}

const field = ({ key, type, validate: { required, min, max }, values }: ImportedField) =>
  [
    `${key} ${type}${required ? "!" : ""}`,
    ...(min === undefined && max === undefined ? [] : [`${min ?? ""}..${max ?? ""}`]),
    ...(values ? [values.map(({ value }) => value).join("|")] : []),
  ].join(" ");
const line = ({ element, place, was, became }: Note) =>
  `${element ?? "(file)"}  ${place}  ${was}${became === null ? "" : `  =>  ${became}`}`;

function report({ engines, translated: done, untranslated, forms }: Translated, problems: readonly string[]): string {
  return [
    `engines: ${engines.join(", ") || "none"}`,
    "",
    "translated",
    ...done.map((note) => `  ${line(note)}`),
    "",
    "not translated",
    ...untranslated.map((note) => `  ${line(note)}\n      ${note.message.en.slice(note.message.en.indexOf(": ") + 2)}`),
    "",
    "forms",
    ...forms.map((form) => `  ${form.id}: ${form.components.map(field).join(", ")}`),
    "",
    "left to the checks",
    ...problems.map((problem) => `  ${problem}`),
    "",
  ].join("\n");
}

describe.each(files)("%s", (file) => {
  let result: Translated;
  let models: readonly ProcessModel[];
  let problems: readonly string[];

  beforeAll(async () => {
    result = await translated(read(file));
    const compiled = await compileDefinitions(result.xml);
    models = compiled.processes;
    problems = compiled.problems.map(({ code, element }) => `${code} at ${element}`);
  });

  it("tells what was translated and what was not", async () => {
    await expect(report(result, problems)).toMatchFileSnapshot(join(folder, `${basename(file, ".bpmn")}.notes.txt`));
  });

  it("compiles, but for the places that its list names", () => {
    const named = new Set(result.untranslated.map(({ element }) => element));
    const surprises = problems.filter((problem) => !named.has(problem.split(" at ")[1] ?? ""));
    expect(surprises).toEqual([]);
    if (problems.length === 0) expect(models).toHaveLength(1);
  });

  it("leaves nothing foreign behind, so that a second translation finds nothing new", async () => {
    expect(result.xml).not.toMatch(/camunda\.org|flowable\.org|activiti\.org|operaton\.org/);
    const again = await translated(result.xml);
    expect(again.engines).toEqual([]);
    expect(again.translated).toEqual([]);
    const inPlace = result.untranslated.filter(({ was }) => again.xml.includes(was.replaceAll("&", "&amp;")));
    expect(again.untranslated.length).toBeLessThanOrEqual(inPlace.length);
  });

  it("keeps every element and the drawing as they were", () => {
    const all = (xml: string, pattern: RegExp) =>
      [...xml.matchAll(pattern)].map(([tag]) => tag.replaceAll(/\s+/g, " "));
    const drawing = /<(?:dc:Bounds|di:waypoint)[^>]*>|bpmnElement="[^"]*"/g;
    expect(all(result.xml, drawing)).toEqual(all(read(file), drawing));
    const ids = /(?<=<bpmn:\w+ id=)"[^"]*"/g;
    expect(all(result.xml, ids)).toEqual(expect.arrayContaining(all(read(file), ids)));
  });

  it("speaks both languages in each note", () => {
    for (const { message } of [...result.translated, ...result.untranslated]) {
      expect(message.zh).toMatch(/[\u4e00-\u9fff]/);
      expect(message.en).not.toBe(message.zh);
    }
  });
});

const process = (nodes: string, namespaces = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"') =>
  bpmn(nodes, "", {}).replace("<bpmn:definitions ", `<bpmn:definitions ${namespaces} `);
const task = (attributes: string, inside = "") =>
  process(`<bpmn:userTask id="task" ${attributes}>${inside}</bpmn:userTask>`);

describe("a file", () => {
  it.each([
    ["that is no XML", "hello", "XML_UNREADABLE"],
    ["with an entity", "<!DOCTYPE x><a/>", "DOCTYPE_FORBIDDEN"],
    ["of too many bytes", " ".repeat(1_048_577), "FILE_TOO_LARGE"],
    [
      "with a dangling reference",
      process('<bpmn:sequenceFlow id="f" sourceRef="a" targetRef="b"/>'),
      "REFERENCE_DANGLING",
    ],
    [
      "nested too deep",
      process(`${"<bpmn:subProcess>".repeat(9_000)}${"</bpmn:subProcess>".repeat(9_000)}`),
      "NESTING_TOO_DEEP",
    ],
    [
      "with foreign elements nested too deep",
      task(
        "",
        `<bpmn:extensionElements>${"<camunda:a>".repeat(9_000)}${"</camunda:a>".repeat(9_000)}</bpmn:extensionElements>`,
      ),
      "NESTING_TOO_DEEP",
    ],
  ])("%s is refused", async (_, xml, code) => {
    const result = await translate(xml, destination);
    expect(result.type === "refused" && result.problems.map((problem) => problem.code)).toContain(code);
  });

  it("of our own comes back to the letter", async () => {
    const own = bpmn('<bpmn:userTask id="task" jieli:role="provider-head"/>', "");
    expect(await translated(own)).toEqual({
      type: "translated",
      xml: own,
      engines: [],
      translated: [],
      untranslated: [],
      forms: [],
    });
  });

  it("is read by its namespace, whatever prefix it uses", async () => {
    const xml = process(
      '<bpmn:userTask id="task" c7:formKey="look"/>',
      'xmlns:c7="http://camunda.org/schema/1.0/bpmn"',
    );
    expect((await translated(xml)).xml).toContain('jieli:form="look"');
  });

  it("keeps what was left in a documentation that is no description of the element", async () => {
    const { xml } = await translated(task('camunda:assignee="kermit"'));
    expect(xml).toContain("camunda:assignee: kermit");
    const { processes } = await compileDefinitions(xml);
    expect(processes[0]?.elements.get("task")?.documentation).toBeNull();
  });
});

it("names no form file by an id that a file system could read as a path", async () => {
  const form =
    '<bpmn:extensionElements><camunda:formData><camunda:formField id="a" type="string"/></camunda:formData></bpmn:extensionElements>';
  const result = await translated(
    process(`<bpmn:userTask id="a..b" camunda:formKey="../../x">${form}</bpmn:userTask>`),
  );
  expect(result.forms).toEqual([]);
  expect(result.untranslated.map(({ place }) => place)).toEqual(["camunda:formKey", "camunda:formField"]);
});

describe("who acts", () => {
  it.each([
    ['camunda:candidateGroups="data-bureau"', "authority-reviewer", "applicantAuthority"],
    ['camunda:candidateGroups="x, data-bureau"', "authority-reviewer", "applicantAuthority"],
    ['camunda:candidateGroups="provider-head"', "provider-head", null],
    ['camunda:assignee="provider-head"', "provider-head", null],
    ['camunda:candidateUsers="kermit"', null, null],
    ['camunda:assignee="${data-bureau}"', null, null],
  ])("%s is role %s at %s", async (attributes, role, at) => {
    const { processes } = await compileDefinitions((await translated(task(attributes))).xml);
    expect(processes[0]?.elements.get("task")).toMatchObject({ role, at });
  });

  it("is asked of the designer where BPMN's own potential owner is named", async () => {
    const { untranslated } = await translated(
      task(
        "",
        `<bpmn:potentialOwner><bpmn:resourceAssignmentExpression><bpmn:formalExpression>group(clerks)</bpmn:formalExpression></bpmn:resourceAssignmentExpression></bpmn:potentialOwner>`,
      ),
    );
    expect(untranslated.map(line)).toEqual(["task  bpmn:PotentialOwner  group(clerks)"]);
  });
});

it("tells of every foreign attribute and element, whatever its name: nothing is dropped unseen", async () => {
  const known =
    "in out inputOutput formData formProperty taskDefinition calledElement loopCharacteristics subscription script type topic " +
    "collection elementVariable class expression resultVariable dueDate formKey formRef calledElementBinding versionTag properties " +
    "connector field userTaskForm assignmentDefinition taskSchedule ioMapping formDefinition decisionRef calledDecision assignee " +
    "errorCodeVariable variableName sameDeployment calledElementType inheritVariables businessKey taskHeaders conditionalFilter";
  const name = fc.oneof(fc.constantFrom(...known.split(" ")), fc.stringMatching(/^[a-z][A-Za-z]{0,15}$/));
  const value = fc.stringMatching(/^[A-Za-z0-9${}.=() -]{1,20}$/);
  const arbitrary = fc.record({
    attribute: name,
    element: name,
    value,
    type: fc.constantFrom("userTask", "serviceTask", "callActivity", "startEvent"),
  });
  await fc.assert(
    fc.asyncProperty(arbitrary, async ({ attribute, element, value: text, type }) => {
      const inside = `<bpmn:extensionElements><camunda:${element} some="${text}"/></bpmn:extensionElements>`;
      const xml = process(`<bpmn:${type} id="task" camunda:${attribute}="${text}">${inside}</bpmn:${type}>`);
      const result = await translated(xml);
      const told = [...result.translated, ...result.untranslated].map((note) => `${note.place} ${note.was}`).join("\n");
      expect(told).toContain(attribute);
      expect(told).toContain(element);
      expect(result.xml).not.toContain("camunda.org");
    }),
    { numRuns: 200 },
  );
});

it("never throws, whatever is done to a file: it is refused or translated", async () => {
  const damage = fc.record({
    file: fc.constantFrom(...files),
    at: fc.nat(),
    length: fc.nat({ max: 60 }),
    by: fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom("${", "}", "=", '"', "<", "/>", "<![CDATA[", "&amp;", "'"),
    ),
  });
  await fc.assert(
    fc.asyncProperty(damage, async ({ file, at, length, by }) => {
      const xml = read(file);
      const from = at % xml.length;
      const result = await translate(xml.slice(0, from) + by + xml.slice(from + length), destination);
      expect(["refused", "translated"]).toContain(result.type);
    }),
    { numRuns: 150 },
  );
});
