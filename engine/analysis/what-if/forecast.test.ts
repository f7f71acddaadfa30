import { describe, expect, it } from "vitest";
import {
  bpmn,
  endEvent,
  flowXml,
  gateway,
  startEvent,
  TestCase,
  timerBoundary,
  userTask,
} from "../../../test/support/bpmn.ts";
import { compileDefinitions } from "../../model/compile.ts";
import { layerCalendars } from "../../calendar/working-days.ts";
import type { Variables } from "../../expressions/json.ts";
import { forecast, type Forecast } from "./forecast.ts";
import type { ImaginedCase, JobAnswer } from "./imagined-case.ts";

/** The forecast of a case that has come to its present point by `play`. */
async function foreseen(
  xml: string,
  variables: Variables = {},
  play: (test: TestCase) => void = () => undefined,
  more: Pick<Partial<ImaginedCase>, "answers" | "jobAnswer"> = {},
): Promise<Forecast> {
  const test = await TestCase.open(xml, variables);
  play(test);
  const [model] = (await compileDefinitions(xml)).processes;
  if (!model) throw new Error("the file does not compile");
  return forecast(
    {
      model,
      called: new Map(),
      route: () => {
        throw new Error("nobody asks the route");
      },
      calendarOf: () => layerCalendars([], new Map()),
      variables: {},
      answers: {},
      now: test.running.now,
      ...more,
      from: { state: test.running.state, clocks: [], calledProcess: () => null, leadsBack: () => null },
    },
    async () => undefined,
  );
}

const marks = {
  outcome: (element: string) => `${element}?`,
  branch: (element: string) => `${element}*`,
  unless: (element: string) => `-${element}`,
  job: (element: string) => `#${element}`,
};

/** Steps with what each depends on: `step?` the outcome of a step, `step*` its branch, `!name` a message, `-event` the event
 *  unless which comes, `#job` a job's result. */
const told = ({ steps }: Forecast) =>
  steps.map(({ walked, dependsOn }) =>
    [walked.element, ...dependsOn.map((on) => ("name" in on ? `!${on.name}` : marks[on.on](on.element)))].join(" "),
  );

const outcomes = 'jieli:outcomes="approve refuse"';

describe("a forecast of the remaining steps", () => {
  it("says of each step on which decision it depends, and not of those that come in any case", async () => {
    const xml = bpmn(
      [
        startEvent(),
        userTask("ask", outcomes),
        gateway("exclusive", "x"),
        userTask("grant"),
        userTask("file"),
        endEvent(),
      ].join(""),
      `start -> ask -> x; x -> grant if outcome = "approve"; x -> file default; grant -> file -> end`,
    );
    expect(told(await foreseen(xml))).toEqual(["ask", "grant ask?", "file"]);
    expect(told(await foreseen(xml, {}, (test) => test.complete("ask", "refuse")))).toEqual(["file"]);
  });

  it("counts a branch that the handler may choose by hand as a decision not yet taken", async () => {
    const branches = `${outcomes} jieli:branches="x_grant x_file"`;
    const xml = bpmn(
      [
        startEvent(),
        userTask("ask", branches),
        gateway("exclusive", "x"),
        userTask("grant"),
        userTask("file"),
        endEvent(),
      ].join(""),
      `start -> ask -> x; x -> grant if big; x -> file default; grant -> file -> end`,
    );
    expect(told(await foreseen(xml, { big: true }))).toEqual(["ask", "grant ask*", "file"]);
    expect(told(await foreseen(xml, { big: false }))).toEqual(["ask", "file"]);
  });

  it("keeps parallel branches apart: what one decides does not make the other depend on it", async () => {
    const xml = bpmn(
      [
        startEvent(),
        gateway("parallel", "f"),
        userTask("a", outcomes),
        userTask("b"),
        gateway("exclusive", "x"),
        userTask("more"),
        gateway("exclusive", "m"),
        gateway("parallel", "j"),
        userTask("last"),
        endEvent(),
      ].join(""),
      `start -> f; f -> a -> x; x -> more if outcome = "approve"; x -> m default; more -> m -> j; f -> b -> j; j -> last -> end`,
    );
    expect(told(await foreseen(xml))).toEqual(["a", "b", "more a?", "last"]);
  });

  it("goes through delays, with the moment at which the next step opens at the earliest", async () => {
    const rest = `<bpmn:intermediateCatchEvent id="rest"><bpmn:timerEventDefinition id="rd"><bpmn:timeDuration>P3D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>`;
    const late = timerBoundary("late", "a", "P1D");
    const xml = bpmn(
      [startEvent(), userTask("a"), late, rest, userTask("b"), userTask("chase"), endEvent()].join(""),
      "start -> a -> rest -> b -> end; late -> chase -> end",
    );
    const { steps, end } = await foreseen(xml, {}, (test) => test.running.advance("PT2H"));
    expect(steps.map(({ walked }) => [walked.element, walked.openedAt])).toEqual([
      ["a", "2026-01-05T03:00:00.000Z"],
      ["b", "2026-01-08T03:00:00.000Z"],
    ]);
    expect(end).toMatchObject({ how: "ended", at: "2026-01-08T03:00:00.000Z" });
  });

  it("says that what follows depends on a message which has not come", async () => {
    const catcher = `<bpmn:intermediateCatchEvent id="c"><bpmn:messageEventDefinition id="cd" messageRef="m"/></bpmn:intermediateCatchEvent>`;
    const xml = bpmn(
      [startEvent(), userTask("a"), catcher, userTask("b"), endEvent()].join(""),
      "start -> a -> c -> b -> end",
      {
        root: '<bpmn:message id="m" name="answer"/>',
      },
    );
    expect(told(await foreseen(xml))).toEqual(["a", "b !answer"]);
  });

  it("does not let what may happen beside a delay happen again and again", async () => {
    const rest = `<bpmn:intermediateCatchEvent id="rest"><bpmn:timerEventDefinition id="rd"><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>`;
    const heard = `<bpmn:subProcess id="heard" triggeredByEvent="true"><bpmn:startEvent id="hs" isInterrupting="false"><bpmn:messageEventDefinition id="hd" messageRef="m"/></bpmn:startEvent><bpmn:userTask id="note"/><bpmn:endEvent id="he"/>${flowXml("hs -> note -> he").xml}</bpmn:subProcess>`;
    const xml = bpmn([startEvent(), rest, userTask("a"), endEvent(), heard].join(""), "start -> rest -> a -> end", {
      root: '<bpmn:message id="m" name="word"/>',
    });
    const { steps, end } = await foreseen(xml);
    expect([steps.map(({ walked }) => walked.element), end.how]).toEqual([["a"], "ended"]);
  });

  it("lets the time run out where nobody is known to send what is awaited, and says unless what comes", async () => {
    const due = `<bpmn:intermediateCatchEvent id="due"><bpmn:timerEventDefinition id="dt"><bpmn:timeDuration>P3D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>`;
    const heard = `<bpmn:intermediateCatchEvent id="heard"><bpmn:messageEventDefinition id="hd" messageRef="m"/></bpmn:intermediateCatchEvent>`;
    const awaiting = bpmn(
      [startEvent(), gateway("eventBased", "w"), due, heard, userTask("a"), userTask("b"), endEvent()].join(""),
      "start -> w; w -> due -> a -> end; w -> heard -> b -> end",
      { root: '<bpmn:message id="m" name="word"/>' },
    );
    const receiving = bpmn(
      [
        startEvent(),
        '<bpmn:receiveTask id="heard" messageRef="m"/>',
        timerBoundary("late", "heard", "P1D"),
        userTask("a"),
        userTask("b"),
        endEvent(),
      ].join(""),
      "start -> heard -> b -> end; late -> a -> end",
      { root: '<bpmn:message id="m" name="word"/>' },
    );
    for (const xml of [awaiting, receiving]) {
      expect(told(await foreseen(xml))).toEqual(["a -heard"]);
      // A good answer that is known to come is waited for.
      expect(told(await foreseen(xml, {}, undefined, { answers: { word: {} } }))).toEqual(["b !word"]);
    }
  });

  it("takes of a job what is known of it, marks what may be otherwise, and ends at one that nobody can know", async () => {
    const job = '<bpmn:serviceTask id="look" jieli:topic="look"/>';
    const xml = bpmn(
      [startEvent(), userTask("a"), job, gateway("exclusive", "x"), userTask("b"), userTask("c"), endEvent()].join(""),
      "start -> a -> look -> x; x -> b if found; x -> c default; b -> c -> end",
    );
    const found = (answer: JobAnswer | null) => foreseen(xml, {}, undefined, { jobAnswer: () => answer });
    expect(told(await found({ variables: { found: true }, otherwise: null }))).toEqual(["a", "b", "c"]);
    expect(told(await found({ variables: { found: false }, otherwise: null }))).toEqual(["a", "c"]);
    expect(told(await found({ variables: { found: true }, otherwise: { found: false } }))).toEqual([
      "a",
      "b #look",
      "c",
    ]);
    const unknown = await found(null);
    expect([told(unknown), unknown.end]).toEqual([["a"], { how: "depends", element: "look" }]);
  });

  it("tells a loop once, as one that comes again and again", async () => {
    const xml = bpmn(
      [startEvent(), userTask("a"), userTask("b"), userTask("c"), gateway("exclusive", "x"), endEvent()].join(""),
      "start -> a -> b -> c -> x; x -> b default; x -> end if done = true",
    );
    const { steps, end } = await foreseen(xml, { done: false });
    expect(steps.map(({ walked, repeats }) => [walked.element, repeats])).toEqual([
      ["a", false],
      ["b", true],
      ["c", true],
    ]);
    expect(end).toEqual({ how: "endless", element: "b" });
  });

  it("ends where it cannot know more, and says at which element and why", async () => {
    const xml = bpmn(
      [startEvent(), userTask("a"), gateway("exclusive", "x"), userTask("b"), userTask("c"), endEvent()].join(""),
      "start -> a -> x; x -> b if written > 3; x -> c default; b -> end; c -> end",
    );
    const { steps, end } = await foreseen(xml);
    expect(steps.map(({ walked }) => walked.element)).toEqual(["a"]);
    expect(end).toMatchObject({ how: "incident", element: "x", code: "EXPRESSION_DATA_MISSING" });
  });

  it("of a suspended case is that of the case resumed now; of one that has ended it is empty", async () => {
    const xml = bpmn([startEvent(), userTask("a"), userTask("b"), endEvent()].join(""), "start -> a -> b -> end");
    const suspended = await foreseen(xml, {}, (test) => test.running.apply({ type: "suspend", reason: "争议" }));
    expect(told(suspended)).toEqual(["a", "b"]);
    const ended = await foreseen(xml, {}, (test) => test.complete("a").complete("b"));
    expect([told(ended), ended.end.how]).toEqual([[], "ended"]);
  });
});
