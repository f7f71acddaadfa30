import { check, checkUsage } from "./commands/check.ts";
import { run, runUsage, UsageError } from "./commands/run.ts";

type Execute = (args: readonly string[]) => Promise<number>;

/** Commands by name. Those that need a server load it only when they are called, so that `run` and `check` start at once. */
const commands: Readonly<Record<string, { readonly usage: string; readonly execute: Execute }>> = {
  run: { usage: runUsage, execute: run },
  check: { usage: checkUsage, execute: check },
};

/** The command line. Gives the exit code; 2 for arguments that do not fit. */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  const command = commands[name ?? ""];
  if (!command) {
    const usage = Object.values(commands).map((known) => known.usage).join("\n\n");
    (name === undefined || name === "help" || name === "--help" ? process.stdout : process.stderr).write(`${usage}\n`);
    return name === undefined || name === "help" || name === "--help" ? 0 : 2;
  }
  try {
    return await command.execute(rest);
  } catch (error) {
    if (error instanceof UsageError || (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"))) {
      process.stderr.write(`${error.message}\n`);
      return 2;
    }
    throw error;
  }
}
