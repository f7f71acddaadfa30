import { Gauge, Registry } from "prom-client";
import type { Runtime } from "./runtime/runtime.ts";

/** Figures that an operator watches: what is open, what is late, what is stuck. Read from the database when asked. */
export async function metricsOf(runtime: Runtime): Promise<string> {
  const registry = new Registry();
  const gauge = async (name: string, help: string, sql: string, parameters: readonly string[] = []) => {
    const [row] = await runtime.store.read(sql, parameters);
    new Gauge({ name, help, registers: [registry] }).set(Number(row?.["value"] ?? 0));
  };
  const now = runtime.clock.now();
  await gauge(
    "jieli_instances_running",
    "Cases that run",
    "SELECT COUNT(*) AS value FROM instance WHERE status = 'running'",
  );
  await gauge("jieli_tasks_open", "Open tasks", "SELECT COUNT(*) AS value FROM task WHERE state = 'open'");
  await gauge("jieli_incidents_open", "Open incidents", "SELECT COUNT(*) AS value FROM incident");
  await gauge(
    "jieli_timers_overdue",
    "Timers that are due and have not fired",
    "SELECT COUNT(*) AS value FROM timer WHERE due_at < ?",
    [now],
  );
  await gauge(
    "jieli_clocks_breached",
    "Limits breached so far",
    "SELECT COUNT(*) AS value FROM clock WHERE breached_at IS NOT NULL",
  );
  await gauge(
    "jieli_notices_overdue",
    "Deliveries of notices that are due and have not gone out",
    "SELECT COUNT(*) AS value FROM notice_delivery WHERE state = 'waiting' AND next_at < ?",
    [now],
  );
  await gauge(
    "jieli_notices_dead",
    "Deliveries of notices that were given up",
    "SELECT COUNT(*) AS value FROM notice_delivery WHERE state = 'dead'",
  );
  new Gauge({
    name: "jieli_watch_findings",
    help: "Cases that break the invariant, at the last watch",
    registers: [registry],
  }).set(runtime.findings.length);
  return registry.metrics();
}
