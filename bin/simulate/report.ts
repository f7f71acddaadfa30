import type { SimulationResult } from "../../engine/analysis/simulation/result.ts";
import { table } from "./table.ts";

type Summary = NonNullable<SimulationResult["steps"][number]["waitingHours"]>;

/** A result for people at a terminal, in both languages. */
export function report(result: SimulationResult): string {
  return [
    heading(result),
    endToEnd(result),
    ends(result),
    steps(result),
    breaches(result),
    officials(result),
    bottleneck(result),
    notes(result),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function heading({ title, process, seed, from, until, cases, history }: SimulationResult): string {
  const { started, completed, terminated, incidents, waiting, endless } = cases;
  const left = incidents + waiting + endless;
  return [
    `${title.zh} / ${title.en}`,
    `流程 process ${process} · 种子 seed ${seed} · ${from} – ${until.slice(0, 10)}${history ? " · 用历史数据 from history" : ""}`,
    `开始 started ${started} · 办结 completed ${completed} · 终止 terminated ${terminated} · 未结 not ended ${left}`,
    "",
  ].join("\n");
}

function endToEnd({
  endToEnd: { workingDays, calendarDays, meanWorkingDays, p90WorkingDays },
}: SimulationResult): string {
  const within = (interval: readonly [number, number] | null) =>
    interval ? `${interval[0].toFixed(2)} – ${interval[1].toFixed(2)}` : "—";
  const rows = [
    ["工作日 working days", ...percentiles(workingDays, 1)],
    ["自然日 calendar days", ...percentiles(calendarDays, 1)],
  ];
  return [
    table(["全程 end to end", "mean", "p50", "p80", "p90", "p95", "p99", "max"], rows, 1),
    `95 % 置信区间 interval: 均值 mean ${within(meanWorkingDays)} · p90 ${within(p90WorkingDays)} 工作日 working days\n`,
  ].join("");
}

function ends({ ends: reached }: SimulationResult): string {
  return table(
    ["结局 ends", "案件 cases", "比例 share"],
    reached.map(({ element, name, cases, share }) => [`${name.zh} ${element}`, String(cases), percent(share)]),
    1,
  );
}

function steps({ steps: found }: SimulationResult): string {
  return table(
    [
      "环节 step",
      "层级 level",
      "件 done",
      "撤 cut",
      "等待h wait mean",
      "p50",
      "p90",
      "p99",
      "办理h work mean",
      "p50",
      "p90",
      "p99",
    ],
    found.map(({ name, element, level, completed, withdrawn, waitingHours, handlingHours }) => [
      `${name.zh} ${element}`,
      level ?? "—",
      String(completed),
      String(withdrawn),
      ...some(waitingHours),
      ...some(handlingHours),
    ]),
    2,
  );
}

function breaches({ breaches: found }: SimulationResult): string {
  return table(
    ["时限 limit", "环节 step", "层级 level", "计时 clocks", "超时 breached", "比例 share"],
    found.map(({ limit, name, elementName, level, clocks, breached, share }) => [
      `${limit} ${name.zh}`,
      elementName.zh,
      level,
      String(clocks),
      String(breached),
      percent(share),
    ]),
    3,
  );
}

function officials({ officials: found }: SimulationResult): string {
  return table(
    [
      "岗位 officials",
      "人 count",
      "件 tasks",
      "利用率 busy",
      "队列 queue",
      "max",
      "等待h wait mean",
      "p90",
      "占全程 of total",
    ],
    found.map(({ organisation, role, count, tasks, utilisation, queue, waitingHours, shareOfEndToEnd }) => [
      `${organisation ? `${organisation.name.zh} ` : ""}${role}`,
      String(count),
      String(tasks),
      percent(utilisation),
      queue.mean.toFixed(1),
      String(queue.max),
      waitingHours?.mean.toFixed(1) ?? "—",
      waitingHours?.p90.toFixed(1) ?? "—",
      percent(shareOfEndToEnd),
    ]),
    1,
  );
}

function bottleneck({ bottleneck: found }: SimulationResult): string {
  if (!found) return "";
  const { organisation, role, why } = found;
  const who = organisation ? `${organisation.name.zh} ${organisation.name.en}: ${role}` : role;
  return `瓶颈 bottleneck: ${who}\n  ${why.zh}\n  ${why.en}\n`;
}

function notes({ stuck, assumptions }: SimulationResult): string {
  return [
    ...stuck.map(({ element, code, cases }) => `未结 not ended: ${cases} × ${code} ${element}\n`),
    ...assumptions.map(({ place, message }) => `假定 assumed: ${place}: ${message.zh} / ${message.en}\n`),
  ].join("");
}

function percentiles(summary: Summary | null, places: number): readonly string[] {
  if (!summary) return ["—"];
  const { mean, p50, p80, p90, p95, p99, max } = summary;
  return [mean, p50, p80, p90, p95, p99, max].map((value) => value.toFixed(places));
}

function some(summary: Summary | null): readonly string[] {
  if (!summary) return ["—", "—", "—", "—"];
  return [summary.mean, summary.p50, summary.p90, summary.p99].map((value) => value.toFixed(1));
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
