/** The processes of the bench, each in a form that both engines read: they differ in the language of conditions alone. */

export type Language = "feel" | "bpmn-engine";

export interface BenchProcess {
  readonly name: string;
  /** User tasks that one case completes. */
  readonly steps: number;
  readonly source: (language: Language) => string;
}

const count = 10;
const numbered = (name: string, total = count) => Array.from({ length: total }, (_, index) => `${name}${index}`);

export const benchProcesses: readonly BenchProcess[] = [
  { name: "linear", steps: count, source: () => linear(numbered("task")) },
  { name: "parallel", steps: count, source: () => parallel(numbered("branch")) },
  { name: "approval", steps: 9, source: approval },
  { name: "multi-instance", steps: count, source: () => multiInstance(count) },
];

/** Variables of every case: nothing is refused, so that a case has a fixed number of steps. */
export const variables = { refused: false };

function linear(tasks: readonly string[]): string {
  return file(`${start}${tasks.map(userTask).join("")}${end}`, [["start", ...tasks, "end"]]);
}

/** One user task in each of the branches between a parallel gateway and its join. */
export function parallel(branches: readonly string[]): string {
  return branching("parallel", branches);
}

/** The same between inclusive gateways, whose join must look at every step whether anything can still come. */
export function inclusive(branches: readonly string[]): string {
  return branching("inclusive", branches);
}

function branching(type: GatewayType, branches: readonly string[]): string {
  const nodes = `${start}${gateway(type, "split")}${branches.map(userTask).join("")}${gateway(type, "join")}${end}`;
  const paths = branches.map((branch) => ["split", branch, "join"]);
  return file(nodes, [["start", "split"], ...paths, ["join", "end"]]);
}

/** Branches that wait for nothing: the whole case is one step. */
export function parallelAtOnce(branches: readonly string[]): string {
  return parallel(branches).replaceAll("userTask", "task");
}

function multiInstance(instances: number): string {
  const sign = `<userTask id="sign"><multiInstanceLoopCharacteristics isSequential="false"><loopCardinality>${instances}</loopCardinality></multiInstanceLoopCharacteristics></userTask>`;
  return file(`${start}${sign}${end}`, [["start", "sign", "end"]]);
}

/** A user task that comes again as long as `again` is true. */
export function looping(): string {
  return file(
    `${start}${gateway("exclusive", "entry")}${userTask("work")}${gateway("exclusive", "more", "more_end")}${end}`,
    [
      ["start", "entry", "work", "more"],
      ["more", "end"],
      ["more", "entry"],
    ],
    { more_entry: "again" },
  );
}

/** A task without a wait that the standard loop repeats: all rounds are one step. */
export function roundsAtOnce(rounds: number): string {
  const work = `<task id="work"><standardLoopCharacteristics loopMaximum="${rounds}"/></task>`;
  return file(`${start}${work}${end}`, [["start", "work", "end"]]);
}

/**
 * As data-sharing requests are approved: checked, reviewed in two departments and a sub-process at once, with reminders, a
 * time limit whose overdue path comes back before the join, and a way back for what is refused.
 */
function approval(language: Language): string {
  const review = subProcess(
    "review",
    `${startNamed("r_start")}${userTask("draft")}${gateway("exclusive", "r_choice", "r_choice_sign")}${userTask("sign")}${userTask("redo")}${endNamed("r_end")}`,
    [
      ["r_start", "draft", "r_choice", "sign", "r_end"],
      ["r_choice", "redo", "draft"],
    ],
    { r_choice_redo: refused(language) },
  );
  const reminded = ["check", "legal", "security", "approve"];
  const nodes = [
    start,
    ...["submit", "check", "correct", "legal", "security", "escalated", "approve", "deliver", "archive"].map(userTask),
    gateway("exclusive", "again"),
    gateway("exclusive", "complete", "complete_split"),
    gateway("parallel", "split"),
    review,
    timer("late", "review", "P20D", true),
    gateway("exclusive", "merge"),
    gateway("parallel", "join"),
    ...reminded.map((task) => `${timer(`${task}_due`, task, "P3D", false)}${endNamed(`${task}_told`)}`),
    end,
  ];
  const paths = [
    ["start", "submit", "again", "check", "complete", "split"],
    ["complete", "correct", "again"],
    ["split", "legal", "join"],
    ["split", "security", "join"],
    ["split", "review", "merge", "join"],
    ["late", "escalated", "merge"],
    ["join", "approve", "deliver", "archive", "end"],
    ...reminded.map((task) => [`${task}_due`, `${task}_told`]),
  ];
  return file(nodes.join(""), paths, { complete_correct: refused(language) });
}

function refused(language: Language): string {
  return language === "feel" ? "refused" : "${environment.variables.refused}";
}

const startNamed = (id: string) => `<startEvent id="${id}"/>`;
const endNamed = (id: string) => `<endEvent id="${id}"/>`;
const start = startNamed("start");
const end = endNamed("end");
const userTask = (id: string) => `<userTask id="${id}"/>`;
type GatewayType = "exclusive" | "inclusive" | "parallel";
const gateway = (type: GatewayType, id: string, defaultFlow?: string) =>
  `<${type}Gateway id="${id}"${defaultFlow ? ` default="${defaultFlow}"` : ""}/>`;
const timer = (id: string, host: string, duration: string, interrupting: boolean) =>
  `<boundaryEvent id="${id}" attachedToRef="${host}" cancelActivity="${interrupting}"><timerEventDefinition id="${id}_t"><timeDuration xsi:type="tFormalExpression">${duration}</timeDuration></timerEventDefinition></boundaryEvent>`;

type Paths = readonly (readonly string[])[];
type Conditions = Readonly<Record<string, string>>;

function subProcess(id: string, nodes: string, paths: Paths, conditions: Conditions): string {
  return `<subProcess id="${id}">${nodes}${flows(paths, conditions)}</subProcess>`;
}

/** Flow ids are `source_target`; `conditions` names them. */
function flows(paths: Paths, conditions: Conditions): string {
  return paths
    .flatMap((path) => path.slice(1).map((target, index) => flow(path[index] ?? "", target, conditions)))
    .join("");
}

function flow(source: string, target: string, conditions: Conditions): string {
  const id = `${source}_${target}`;
  const condition = conditions[id];
  const body = condition ? `<conditionExpression xsi:type="tFormalExpression">${condition}</conditionExpression>` : "";
  return `<sequenceFlow id="${id}" sourceRef="${source}" targetRef="${target}">${body}</sequenceFlow>`;
}

function file(nodes: string, paths: Paths, conditions: Conditions = {}): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="urn:bench">
<process id="p" isExecutable="true">${nodes}${flows(paths, conditions)}</process></definitions>`;
}
