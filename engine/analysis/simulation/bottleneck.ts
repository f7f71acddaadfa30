import type { SimulationResult } from "./result.ts";

/** Below this share of the end-to-end time nothing is called a bottleneck. */
const leastShare = 0.01;

/** The officials whose waiting contributes most to the time from start to end, and why they are named. */
export function bottleneckOf(officials: SimulationResult["officials"]): SimulationResult["bottleneck"] {
  const [worst] = officials;
  if (!worst || worst.shareOfEndToEnd < leastShare) return null;
  const { organisation, role, shareOfEndToEnd, utilisation, count, waitingHours } = worst;
  const share = Math.round(shareOfEndToEnd * 100);
  const busy = Math.round(utilisation * 100);
  const wait = waitingHours?.mean.toFixed(1) ?? "0";
  return {
    organisation,
    role,
    shareOfEndToEnd,
    why: {
      zh: `等待该岗位占全程时间的 ${share}%，为各岗位之首；${count} 人，利用率 ${busy}%，每件平均等待 ${wait} 个工作小时`,
      en: `waiting for them takes ${share} % of the time from start to end, more than for anybody else; ${count} official(s) are busy ${busy} % of their office hours and a task waits ${wait} office hours on average`,
    },
  };
}
