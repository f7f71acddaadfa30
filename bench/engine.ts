/**
 * What one durable step costs: our core against bpmn-engine, in one run, on the same process (ten user tasks in a row).
 * A durable step is: state from JSON, complete one task, state to JSON. Prints milliseconds, bytes and the ratio.
 * Run after a build: `node dist/bench/engine.js`.
 */
import { performance } from "node:perf_hooks";
import { Engine } from "bpmn-engine";
import { compileDefinitions } from "../engine/model/compile.ts";
import { step } from "../engine/execution/step.ts";
import type { InstanceState } from "../engine/execution/state.ts";
import { feel } from "../engine/execution/evaluator.ts";
import type { StepContext } from "../engine/execution/context.ts";

const tasks = Array.from({ length: 10 }, (_, index) => `task${index}`);
const stops = ["start", ...tasks, "end"];
const source = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:bench">
<process id="linear" isExecutable="true"><startEvent id="start"/>${tasks.map((id) => `<userTask id="${id}"/>`).join("")}<endEvent id="end"/>
${stops
  .slice(1)
  .map((target, index) => `<sequenceFlow id="f${index}" sourceRef="${stops[index]}" targetRef="${target}"/>`)
  .join("")}</process></definitions>`;

const rounds = 200;
const context: StepContext = {
  now: "2026-01-05T01:00:00.000Z",
  route: null,
  calledProcess: () => null,
  evaluator: feel,
};

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function ours(): Promise<{ ms: number; bytes: number }> {
  const model = (await compileDefinitions(source)).processes[0];
  if (!model) throw new Error("the bench process does not compile");
  const times: number[] = [];
  let bytes = 0;
  for (let round = 0; round < rounds; round += 1) {
    let stored = JSON.stringify(step(model, null, { type: "start", startEvent: null, variables: {} }, context).state);
    for (let done = 0; done < tasks.length; done += 1) {
      const from = performance.now();
      const state = JSON.parse(stored) as InstanceState;
      const wait = Object.keys(state.waits)[0] ?? "";
      stored = JSON.stringify(
        step(model, state, { type: "completeTask", wait, outcome: null, variables: {} }, context).state,
      );
      times.push(performance.now() - from);
      bytes = Math.max(bytes, stored.length);
    }
  }
  return { ms: median(times), bytes };
}

async function theirs(): Promise<{ ms: number; bytes: number }> {
  const times: number[] = [];
  let bytes = 0;
  for (let round = 0; round < rounds / 10; round += 1) {
    const first = new Engine({ name: "linear", source });
    const api = await first.execute();
    let stored = JSON.stringify(await first.getState());
    await api.stop();
    for (let done = 0; done < tasks.length; done += 1) {
      const from = performance.now();
      const engine = new Engine();
      engine.recover(JSON.parse(stored));
      const execution = await engine.resume();
      const waiting = execution.getPostponed()[0];
      if (waiting) execution.signal({ id: waiting.id });
      stored = JSON.stringify(await engine.getState());
      times.push(performance.now() - from);
      bytes = Math.max(bytes, stored.length);
      await execution.stop();
    }
  }
  return { ms: median(times), bytes };
}

await ours();
const [core, peer] = [await ours(), await theirs()];
console.log(
  JSON.stringify({
    measure: "durable step, ten user tasks in a row",
    jieli: core,
    bpmnEngine: peer,
    timesFaster: Number((peer.ms / core.ms).toFixed(1)),
    timesSmaller: Number((peer.bytes / core.bytes).toFixed(1)),
  }),
);
