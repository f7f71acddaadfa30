import { check, checkUsage } from "./commands/check.ts";
import { importFile, importUsage } from "./commands/import.ts";
import { run, runUsage } from "./commands/run.ts";
import { simulate, simulateUsage } from "./commands/simulate.ts";
import { UsageError } from "./usage.ts";

type Execute = (args: readonly string[]) => Promise<number>;

const startUsage = `jieli start [--demo] [--port 8080] [--host 127.0.0.1] [--data DIR]
  Runs the product. DATABASE_URL=mysql://user:password@host:port/database uses MySQL or MariaDB; else SQLite under --data.
  --demo adds demo accounts and a clock that can be moved.
  Mail, links in notices and webhooks into the own network: JIELI_SMTP_URL, JIELI_MAIL_FROM, JIELI_PUBLIC_URL,
  JIELI_WEBHOOK_ALLOW (docs/operator-guide.md).`;
const deployUsage = `jieli deploy DIR [--comment TEXT] [--data DIR]
  Publishes every *.bpmn file of a folder, by the same checks as the modeler. Exit code 1 when one is refused.`;
const migrateUsage = `jieli migrate [--data DIR]
  Brings the database (DATABASE_URL or SQLite) up to date and exits.`;
const calendarUsage = `jieli calendar check FILE.json
  Checks a year of a working-day calendar: {region, year, status, source, days}. Exit code 1 when it has errors.
jieli calendar import FILE.json [--preview] [--data DIR]
  Puts the year into force and recomputes open deadlines, while servers on the same database go on. --preview only tells.`;
const demoUsage = `jieli demo [--url http://127.0.0.1:8080] [--pause-after N] [--resume CASE --from N]
  Drives a running demo server over HTTP through one upward application and prints the timeline.`;
const auditUsage = `jieli audit verify [--data DIR]
  Walks the hash chain of every case's journal and reads every attachment; exit code 1 when a row was altered, is missing or
  out of order, or a file is altered or missing.`;

/** Commands by name. Those that need a server load it only when they are called, so that `run` and `check` start at once. */
const commands: Readonly<Record<string, { readonly usage: string; readonly execute: Execute }>> = {
  run: { usage: runUsage, execute: run },
  check: { usage: checkUsage, execute: check },
  simulate: { usage: simulateUsage, execute: simulate },
  import: { usage: importUsage, execute: importFile },
  start: { usage: startUsage, execute: async (args) => (await import("./commands/start.ts")).start(args) },
  deploy: { usage: deployUsage, execute: async (args) => (await import("./commands/deploy.ts")).deploy(args) },
  migrate: { usage: migrateUsage, execute: async (args) => (await import("./commands/deploy.ts")).migrate(args) },
  audit: { usage: auditUsage, execute: async (args) => (await import("./commands/deploy.ts")).audit(args) },
  calendar: {
    usage: calendarUsage,
    execute: async (args) => (await import("./commands/calendar.ts")).calendar(args),
  },
  demo: { usage: demoUsage, execute: async (args) => (await import("./commands/demo.ts")).demo(args) },
};

/** The command line. Gives the exit code; 2 for arguments that do not fit. */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  const command = commands[name ?? ""];
  if (!command) {
    const usage = Object.values(commands)
      .map((known) => known.usage)
      .join("\n\n");
    (name === undefined || name === "help" || name === "--help" ? process.stdout : process.stderr).write(`${usage}\n`);
    return name === undefined || name === "help" || name === "--help" ? 0 : 2;
  }
  try {
    return await command.execute(rest);
  } catch (error) {
    if (
      error instanceof UsageError ||
      (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"))
    ) {
      process.stderr.write(`${error.message}\n`);
      return 2;
    }
    throw error;
  }
}
