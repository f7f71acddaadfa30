import { attributeRows } from "./jieli-attributes.ts";
import { eventDefinitions, executable, refused } from "./support.ts";

/** One thing that the specification lets a process hold, and that Jieli runs. */
export interface SupportRow {
  /** `element`, or `element:variant`. */
  readonly row: string;
  readonly note: string;
}

/** Variants that one element type has beside its kind. */
const variants: Readonly<Record<string, readonly string[]>> = {
  subProcess: ["embedded", "event"],
  receiveTask: ["plain", "instantiate"],
  eventBasedGateway: ["exclusive", "instantiating", "parallelInstantiating"],
  complexGateway: ["activation", "reset"],
  adHocSubProcess: ["parallel", "sequential", "completionCondition"],
  callActivity: ["copy", "mapping"],
  multiInstance: ["parallel", "sequential", "cardinality", "collection", "completionCondition", "behavior"],
  standardLoop: ["testAfter", "testBefore", "loopMaximum"],
  sequenceFlow: ["conditional", "default", "implicitSplit", "implicitMerge", "implicitStart"],
  timer: ["date", "duration", "cycle", "cron", "expression"],
  data: ["dataObject", "property", "dataAssociation", "mapping", "scope"],
  collaboration: ["messageFlow", "messageStart", "correlation", "signal"],
  activity: ["startQuantity", "completionQuantity", "compensation"],
  operation: ["incident", "moveTokens", "suspend", "cancel", "setVariables"],
};

const notes: Readonly<Record<string, string>> = {
  manualTask: "passes at once: nothing outside Jieli tells that it is done",
  task: "passes at once",
  scriptTask: "FEEL only; the value goes to `jieli:resultVariable`",
  businessRuleTask: "FEEL in `jieli:expression`, or a job",
  "startEvent:conditional": "the host starts it by naming the event",
  "startEvent:parallelMultiple": "the first event makes the instance, which then waits for the others",
  "timer:cron": "five fields, read in China Standard Time",
  globalTask: "called like a process that holds the task alone",
  "callActivity:mapping": "`jieli:in` and `jieli:out`; without any, everything is copied in and back",
  "collaboration:correlation": "`jieli:correlationKey` on the message, or the specification's correlation properties",
};

/** Every row of the support table, from the table that deployment checks against. */
export function supportRows(): readonly SupportRow[] {
  const elements = [...executable.activities, ...executable.gateways].map((type) =>
    lowerFirst(type.replace("bpmn:", "")),
  );
  const events = Object.entries(eventDefinitions).flatMap(([place, types]) => types.map((type) => `${place}:${type}`));
  const known = new Set(elements);
  const rows = [
    ...elements.flatMap((element) => variants[element]?.map((variant) => `${element}:${variant}`) ?? [element]),
    ...events,
    "globalTask",
    ...Object.entries(variants)
      .filter(([element]) => !known.has(element))
      .flatMap(([element, names]) => names.map((variant) => `${element}:${variant}`)),
  ];
  return rows.map((row) => ({ row, note: notes[row] ?? "" }));
}

/** The page `docs/bpmn-support.md`, generated so that it cannot tell anything else than the code does. */
export function supportPage(): string {
  const rows = supportRows().map(({ row, note }) => `| \`${row}\` | ${note} |`);
  const refusals = Object.values(refused).map(({ what, en }) => `| ${what} | ${en} |`);
  return [
    "# What Jieli executes of BPMN 2.0",
    "",
    "Generated from `engine/model/support.ts` by `node scripts/support-page.mjs`; a test keeps it true. Each row is shown by cases",
    "in `test/conformance/cases`, run with `npm run test:conformance`.",
    "",
    "| executed | note |",
    "| --- | --- |",
    ...rows,
    "",
    "The rules of the specification that every file is held to are in [bpmn-rules.md](bpmn-rules.md).",
    "",
    "Everything else is refused at deployment with the element's id and the reason, never ignored. Of what the specification",
    "counts as executable these variants are refused:",
    "",
    "| refused | reason |",
    "| --- | --- |",
    ...refusals,
    "",
    `Accepted as part of the picture, without meaning of their own: ${executable.drawn.map((type) => `\`${type.replace("bpmn:", "")}\``).join(", ")}`,
    "(data objects have one where a data association names them), lanes and participants.",
    "",
    "# What Jieli adds",
    "",
    "Attributes of the extension `jieli:` on elements of the specification. The designer sets each of them in the properties panel,",
    "the rights on fields in the matrix of the process's forms.",
    "",
    "| attribute | on | meaning |",
    "| --- | --- | --- |",
    ...attributeRows().map(({ attribute, on, meaning }) => `| \`jieli:${attribute}\` | \`${on}\` | ${meaning} |`),
    "",
  ].join("\n");
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
