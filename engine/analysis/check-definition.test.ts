import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkDefinition, situationsBeforePublishing } from "./check-definition.ts";

const processes = join(import.meta.dirname, "../../processes");
const files = readdirSync(processes, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".bpmn"));
const bounds = { situations: situationsBeforePublishing, pause: async () => undefined };

describe("the checks before publishing", () => {
  // Some seconds of processor time for the largest, whatever else the machine does.
  it.each(files)("look at every situation of %s and find nothing", { timeout: 60_000 }, async (file) => {
    const xml = readFileSync(join(processes, file), "utf8");
    expect(await checkDefinition(xml, new Map(), bounds)).toEqual([]);
  });

  it("give up when the pause says so, before the next situation", async () => {
    const xml = readFileSync(join(processes, "ds-03/ds-03.bpmn"), "utf8");
    let pauses = 0;
    const pause = async () => {
      pauses += 1;
      if (pauses === 3) throw new Error("no longer wanted");
    };
    await expect(checkDefinition(xml, new Map(), { situations: 100, pause })).rejects.toThrow("no longer wanted");
    expect(pauses).toBe(3);
  });
});
