import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { describe, expect, it } from "vitest";
import { translate } from "../../engine/interchange/translate.ts";
import { gate } from "../../engine/model/gate.ts";
import type { ProcessModel } from "../../engine/model/process-model.ts";
import { bpmn, endEvent, startEvent } from "../../test/support/bpmn.ts";
import { checkFile, translateFile } from "./file-check.ts";

const relayHop = readFileSync(join(import.meta.dirname, "../../processes/ds-03/relay-hop.bpmn"), "utf8");
const nothingCalled = { names: null, calledBy: async () => new Map<string, ProcessModel>() };
const leave = readFileSync(join(import.meta.dirname, "../../test/interchange/camunda7-leave.bpmn"), "utf8");
const nowhere = { roles: new Set<string>(), actors: new Map() };
/** More flows than the gate lets through; they are read before they are counted. */
const tooManyFlows = bpmn(
  startEvent() +
    endEvent() +
    Array.from(
      { length: gate.flowElements * gate.flowsPerNode + 1 },
      (_, index) => `<bpmn:sequenceFlow id="f${index}" sourceRef="start" targetRef="end"/>`,
    ).join(""),
  "",
);
const calling = bpmn(
  `${startEvent()}<bpmn:callActivity id="call" calledElement="other"/>${endEvent()}`,
  "start -> call -> end",
);

describe("the check of a file in a thread of its own", () => {
  it("finds nothing in a process that ships", async () => {
    expect(await checkFile(relayHop, nothingCalled)).toEqual([]);
  });

  it("asks for what the file calls", async () => {
    const asked: string[] = [];
    const calledBy = async (processes: readonly ProcessModel[]) => {
      asked.push(...processes.flatMap(({ calls }) => calls));
      return new Map<string, ProcessModel>();
    };
    expect(await checkFile(calling, { names: null, calledBy })).toEqual([]);
    expect(asked).toEqual(["other"]);
  });

  it("leaves the server free while it reads a file that is made to take long", async () => {
    const before = performance.eventLoopUtilization();
    const problems = await checkFile(tooManyFlows, nothingCalled);
    expect(problems.map(({ code }) => code)).toEqual(["TOO_MANY_ELEMENTS"]);
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5);
  });

  it.each([
    ["time to read", { readMs: 0, checkMs: 60_000, heapMb: 256 }],
    ["time to check", { readMs: 60_000, checkMs: 0, heapMb: 256 }],
  ])("refuses a file that exceeds the %s", async (_what, limits) => {
    const problems = await checkFile(relayHop, nothingCalled, limits);
    expect(problems.map(({ code, severity }) => [code, severity])).toEqual([["CHECK_EXCEEDED", "error"]]);
  });

  it("does not take the failure to find what is called for an answer", async () => {
    const failing = async () => {
      throw new Error("the database is away");
    };
    await expect(checkFile(calling, { names: null, calledBy: failing })).rejects.toThrow("the database is away");
  });
});

describe("the translation of a file in a thread of its own", () => {
  it("gives what the translation gives", async () => {
    const destination = { roles: new Set(["provider-head"]), actors: new Map() };
    expect(await translateFile(leave, destination)).toEqual(await translate(leave, destination));
  });

  it("leaves the server free while it reads a file that is made to take long", async () => {
    const before = performance.eventLoopUtilization();
    const result = await translateFile(tooManyFlows, nowhere);
    expect(result).toMatchObject({ type: "refused", problems: [{ code: "TOO_MANY_ELEMENTS" }] });
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5);
  });

  it.each([
    ["time", leave, { readMs: 0, checkMs: 60_000, heapMb: 256 }],
    ["memory", tooManyFlows, { readMs: 60_000, checkMs: 60_000, heapMb: 16 }],
  ])("refuses a file that exceeds the %s", async (_what, file, limits) => {
    const result = await translateFile(file, nowhere, limits);
    expect(result).toMatchObject({ type: "refused", problems: [{ code: "CHECK_EXCEEDED", severity: "error" }] });
  });
});
