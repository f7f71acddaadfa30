import { parseArgs } from "node:util";
import { demoPassword } from "../../server/runtime/seed.ts";
import type { SlaBoard } from "../../server/api/sla/sla.schema.ts";
import type { TaskDetail } from "../../server/api/tasks/tasks.schema.ts";
import { Client } from "../demo/client.ts";
import { applicationForm, forms } from "../demo/forms.ts";

interface Case {
  readonly id: string;
  readonly number: string;
}

interface Step {
  readonly account: string;
  readonly element: string;
  readonly outcome: string;
  readonly opinion: string;
  /** Lets the step's limit pass before acting. */
  readonly late?: boolean;
}

/** Who does what, in order. The city lets its limit pass; the province's supervisor chases before the city forwards. */
const steps: readonly Step[] = [
  { account: "liu", element: "Task_SignOff", outcome: "approve", opinion: "同意报送。" },
  {
    account: "chen",
    element: "Task_OwnCheck",
    outcome: "supplement",
    opinion: "一次性告知：请补充社会救助职责清单编号和使用人员范围。",
  },
  { account: "wang", element: "Task_Supplement", outcome: "resubmit", opinion: "已补充职责清单编号与使用人员范围。" },
  { account: "chen", element: "Task_OwnCheck", outcome: "approve", opinion: "目的明确，依据充分，无重复申请。" },
  { account: "huang", element: "Task_Escalate", outcome: "chased", opinion: "请贵阳市大数据局立即转报。", late: true },
  { account: "zhao", element: "Task_Relay", outcome: "forward", opinion: "同意转报，已说明超时原因。" },
  { account: "sun", element: "Task_Dispatch", outcome: "approve", opinion: "分派省医保局。" },
  { account: "zhang", element: "Task_PiAssessment", outcome: "pass", opinion: "影响评估通过，仅返回核验结果。" },
  { account: "wu", element: "Task_SecurityReview", outcome: "pass", opinion: "安全措施符合三级要求。" },
  { account: "zhang", element: "Task_Examine", outcome: "askExtension", opinion: "接口改造需要时间，申请延期。" },
  { account: "yang", element: "Task_ApproveExtension", outcome: "approve", opinion: "同意延期一次，并告知申请人。" },
  { account: "zhang", element: "Task_Examine", outcome: "agree", opinion: "符合共享条件，建议同意。" },
  { account: "yang", element: "Task_Decide", outcome: "approve", opinion: "同意共享。" },
  { account: "ma", element: "Task_Deliver", outcome: "delivered", opinion: "核验接口已开通，限南明区。" },
  { account: "wang", element: "Task_Accept", outcome: "accept", opinion: "样例核验正确，验收通过。" },
];

export async function demo(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: "string", default: "http://127.0.0.1:8080" },
      "pause-after": { type: "string" },
      resume: { type: "string" },
      from: { type: "string", default: "0" },
    },
  });
  const clients = new Map<string, Client>();
  const as = async (account: string): Promise<Client> => {
    const client = clients.get(account) ?? (await Client.signIn(values.url, account, demoPassword));
    clients.set(account, client);
    return client;
  };
  const running = values.resume ? { id: values.resume, number: values.resume } : await apply(await as("wang"));
  print(`事项 ${running.number} · case ${running.id}`);
  const until = values["pause-after"] === undefined ? steps.length : Number(values["pause-after"]);
  for (const [index, step] of steps.slice(0, until).entries()) {
    if (index < Number(values.from)) continue;
    await perform(as, running, step, index + 1);
  }
  if (until < steps.length) {
    print(`demo:case paused after ${until} steps: --resume ${running.id} --from ${until}`);
    return 0;
  }
  return report(await as("wang"), await as("gao"), running);
}

async function apply(clerk: Client): Promise<Case> {
  const body = { resourceId: "res-medical", organisationId: "nm-civil", request: applicationForm };
  const application = await clerk.call<{ instanceId: string; number: string }>(
    "POST",
    "/api/applications",
    body,
    `demo-${Date.now()}`,
  );
  return { id: application.instanceId, number: application.number };
}

async function perform(
  as: (account: string) => Promise<Client>,
  running: Case,
  step: Step,
  number: number,
): Promise<void> {
  const client = await as(step.account);
  if (step.late) await letLimitPass(as, running);
  const task = await client.complete(running.id, step.element, step.outcome, step.opinion, forms[step.element] ?? {});
  print(timelineLine(number, step, task));
}

/** Waits, on the demo's clock, until the city's limit for forwarding has passed. */
async function letLimitPass(as: (account: string) => Promise<Client>, running: Case): Promise<void> {
  const task = await (await as("zhao")).task(running.id, "Task_Relay");
  if (task.dueAt === null) throw new Error("the forwarding step has no due moment");
  const clock = await (
    await as("admin")
  ).call<{ now: string; fired: number }>("POST", "/api/clock", {
    advanceTo: new Date(Date.parse(task.dueAt) + 60_000).toISOString(),
  });
  print(
    `    ⏰ 演示时钟拨到 ${local(clock.now)}，市级转报时限已过 · clock moved past the city's limit, ${clock.fired} fired`,
  );
}

function timelineLine(number: number, step: Step, task: TaskDetail): string {
  const limit = task.explanation?.basis[0];
  const due =
    task.dueAt === null
      ? "—"
      : `${local(task.dueAt)}${task.dueConfidence === "provisional" ? "（暂定 provisional）" : ""}`;
  return [
    `${String(number).padStart(2)}. ${task.name.zh} · ${step.outcome} — ${step.account} @ ${task.organisation.name.zh} [${task.organisation.region} ${task.organisation.level}]`,
    `    时限 ${task.clocks.findLast((clock) => clock.dueAt === task.dueAt && clock.organisation.id === task.organisation.id)?.limitCode ?? "—"}，截止 due ${due}；依据 basis ${limit ? `《${limit.title}》${limit.article ?? ""}` : "—"}`,
    `    为何 why: ${task.explanation?.sentence.zh ?? "—"}`,
  ].join("\n");
}

async function report(clerk: Client, manager: Client, running: Case): Promise<number> {
  const detail = await clerk.call<{
    status: string;
    steps: { state: string; organisation: { level: string } | null }[];
    clocks: { breachedAt: string | null; round: number; extensionDays: number; limitCode: string }[];
    history: { type: string }[];
  }>("GET", `/api/instances/${running.id}`);
  const board = await manager.call<SlaBoard>("GET", "/api/sla/board");
  const done = detail.steps.filter((step) => step.state === "completed");
  const levels = new Set(done.flatMap((step) => (step.organisation ? [step.organisation.level] : [])));
  const breaches = detail.clocks.filter((clock) => clock.breachedAt !== null).length;
  const restarted = detail.clocks.some((clock) => clock.round > 1);
  const extended = detail.clocks.some((clock) => clock.extensionDays > 0);
  print(`时限监察 board: 在办 ${board.total.open} 超时 ${board.total.overdue} 累计超时 ${board.total.breached}`);
  print(`补正后重新计时 restarted: ${restarted}; 延期 extended: ${extended}; 状态 status: ${detail.status}`);
  const delivered = detail.status === "completed" && detail.history.some(({ type }) => type === "delivery.accepted");
  const ok = delivered && restarted && extended && breaches === 1 && levels.size === 3;
  print(
    `demo:case ${ok ? "ok" : "failed"}: ${done.length} steps, ${levels.size} levels, ${breaches} breach, ${delivered ? "delivered" : "not delivered"}`,
  );
  return ok ? 0 : 1;
}

function local(instant: string): string {
  return new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 16).replace("T", " ");
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
