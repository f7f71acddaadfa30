import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compileDefinitions } from "../model/compile.ts";
import type { ProcessModel } from "../model/process-model.ts";
import { checkDefinition, situationsBeforePublishing } from "./check-definition.ts";

const processes = join(import.meta.dirname, "../../processes");
const files = readdirSync(processes, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".bpmn"));
const bounds = { situations: situationsBeforePublishing, pause: async () => undefined };

const read = (file: string) => readFileSync(join(processes, file), "utf8");

/** The shipped processes that others call: what they throw decides where their callers go. */
async function shipped(): Promise<ReadonlyMap<string, ProcessModel>> {
  const compiled = await Promise.all(files.map((file) => compileDefinitions(read(file))));
  return new Map(compiled.flatMap((file) => file.processes.map((process) => [process.id, process] as const)));
}

describe("the checks before publishing", () => {
  // Some seconds of processor time for the largest, whatever else the machine does.
  it.each(files)("look at every situation of %s and find nothing", { timeout: 60_000 }, async (file) => {
    expect(await checkDefinition(read(file), await shipped(), bounds)).toEqual([]);
  });

  it("give up when the pause says so, before the next situation", async () => {
    const xml = read("ds-03/ds-03.bpmn");
    let pauses = 0;
    const pause = async () => {
      pauses += 1;
      if (pauses === 3) throw new Error("no longer wanted");
    };
    await expect(checkDefinition(xml, new Map(), { situations: 100, pause })).rejects.toThrow("no longer wanted");
    expect(pauses).toBe(3);
  });
});
