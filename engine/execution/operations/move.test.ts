import { describe, expect, it } from "vitest";
import {
  bpmn,
  endEvent,
  flowXml,
  gateway,
  startEvent,
  TestCase,
  testNow,
  timerBoundary,
  userTask,
} from "../../../test/support/bpmn.ts";
import { compileDefinitions } from "../../model/compile.ts";
import type { Command, StartBefore } from "../commands.ts";
import { CommandError } from "../errors.ts";
import { feel } from "../evaluator.ts";
import { RouteError } from "../../routing/errors.ts";
import { Session } from "../step.ts";

function move(test: TestCase, cancel: readonly string[], start: readonly (string | StartBefore)[] = []): void {
  const targets = start.map((target) => (typeof target === "string" ? { element: target, scope: null } : target));
  const tokens = cancel.map((element) => test.wait("task", element).token);
  test.running.apply({ type: "moveTokens", cancel: tokens, start: targets, reason: "moved" });
}

const kinds = (test: TestCase) => Object.values(test.running.state.scopes).map(({ kind }) => kind);

const subProcess = (id: string, inside: string, flows: string, attributes = "") =>
  `<bpmn:subProcess id="${id}" ${attributes}>${inside}${flowXml(flows).xml}</bpmn:subProcess>`;
const instances = (sequential: boolean) =>
  `<bpmn:multiInstanceLoopCharacteristics isSequential="${sequential}"><bpmn:loopCardinality>3</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>`;

/** A task beside a sub-process in a sub-process; the inner one has a timer and listens for a message. */
const nested = () => {
  const listener = subProcess(
    "listener",
    `<bpmn:startEvent id="ls" isInterrupting="false"><bpmn:messageEventDefinition id="ld" messageRef="m"/></bpmn:startEvent>${userTask("heard")}${endEvent("le")}`,
    "ls -> heard -> le",
    'triggeredByEvent="true"',
  );
  const inner = subProcess(
    "inner",
    `${startEvent("is")}${userTask("deep")}${userTask("deeper")}${endEvent("ie")}${listener}`,
    "is -> deep -> deeper -> ie",
  );
  const outer = subProcess(
    "outer",
    `${startEvent("os")}${inner}${timerBoundary("late", "inner", "P1D")}${endEvent("oe")}${endEvent("oe2")}`,
    "os -> inner -> oe; late -> oe2",
  );
  return bpmn(
    [startEvent(), userTask("first"), gateway("parallel", "f"), outer, userTask("beside"), endEvent()].join(""),
    "start -> first -> f; f -> outer -> end; f -> beside -> end",
    { root: '<bpmn:message id="m" name="go"/>' },
  );
};

describe("putting a token before an element", () => {
  it("opens the sub-processes that it needs, with their timers and listeners", async () => {
    const test = await TestCase.open(nested());
    const before = test.events.length;
    move(test, ["first"], ["deeper"]);
    expect(test.tasks).toEqual(["deeper"]);
    expect(test.waits("timer").map(({ element }) => element)).toEqual(["late"]);
    expect(test.waits("message").map(({ element }) => element)).toEqual(["ls"]);
    expect(test.events.slice(before).map(({ type, element }) => `${type} ${element}`)).toEqual([
      "task.cancelled first",
      "element.cancelled first",
      "element.entered outer",
      "element.entered inner",
      "timer.scheduled late",
      "subscription.opened ls",
      "tokens.moved p",
      "element.entered deeper",
      "task.created deeper",
    ]);
    expect(test.events.find(({ type }) => type === "tokens.moved")).toMatchObject({
      reason: "moved",
      cancelled: ["first"],
      started: ["deeper"],
    });
    test.complete("deeper");
    expect(test.running.status).toBe("completed");
  });

  it("uses a sub-process that is active, and one scope for several tokens", async () => {
    const test = await TestCase.open(nested());
    move(test, ["first"], ["deep", "deeper"]);
    expect(kinds(test)).toEqual(["process", "subProcess", "subProcess"]);
    move(test, ["deep"], ["deep"]);
    expect(kinds(test)).toEqual(["process", "subProcess", "subProcess"]);
    expect(test.tasks).toEqual(["deep", "deeper"]);
  });

  it("goes into the scope that it names", async () => {
    const each = subProcess(
      "each",
      `${instances(false)}${startEvent("es")}${userTask("sign")}${userTask("check")}${endEvent("ee")}`,
      "es -> sign -> check -> ee",
    );
    const test = await TestCase.open(bpmn([startEvent(), each, endEvent()].join(""), "start -> each -> end"));
    const second = test.running.state.tokens[test.wait("task", "sign", 2).token]?.scope ?? "";
    const token = test.wait("task", "sign", 2).token;
    test.running.apply({
      type: "moveTokens",
      cancel: [token],
      start: [{ element: "check", scope: second }],
      reason: "on",
    });
    expect(test.tasks).toEqual(["check", "sign", "sign"]);
    expect(test.running.state.tokens[test.wait("task", "check").token]?.scope).toBe(second);
    expect(() => move(test, [], ["sign"])).toThrow(
      expect.objectContaining({ code: "MOVE_IMPOSSIBLE", element: "each" }),
    );
    expect(() => move(test, [], [{ element: "each", scope: second }])).toThrow(
      expect.objectContaining({ code: "MOVE_IMPOSSIBLE", element: "each" }),
    );
  });
});

describe("putting a token", () => {
  const each = (loop: string) =>
    subProcess(
      "each",
      `${loop}${startEvent("es")}${userTask("sign")}${userTask("check")}${endEvent("ee")}`,
      "es -> sign -> check -> ee",
    );

  it("into the only instance that runs needs no scope", async () => {
    const test = await TestCase.open(
      bpmn([startEvent(), each(instances(true)), endEvent()].join(""), "start -> each -> end"),
    );
    move(test, ["sign"], ["check"]);
    expect(test.tasks).toEqual(["check"]);
  });

  it("into a called process goes by its scope and its model", async () => {
    const called = `<bpmn:process id="q" isExecutable="true">${startEvent("qs")}${userTask("one")}${userTask("two")}${endEvent("qe")}${flowXml("qs -> one -> two -> qe").xml}</bpmn:process>`;
    const test = await TestCase.open(
      bpmn(
        [startEvent(), '<bpmn:callActivity id="call" calledElement="q"/>', endEvent()].join(""),
        "start -> call -> end",
        {
          more: called,
        },
      ),
    );
    const scope = test.running.state.tokens[test.wait("task", "one").token]?.scope ?? "";
    move(test, ["one"], [{ element: "two", scope }]);
    expect(test.tasks).toEqual(["two"]);
    expect(test.complete("two").running.status).toBe("completed");
  });

  it("into a sub-process for which nobody can be found is refused; a defect goes on up", async () => {
    const file = bpmn(
      [
        startEvent(),
        userTask("first"),
        subProcess(
          "sub",
          `${startEvent("ss")}${userTask("inner")}${endEvent("se")}`,
          "ss -> inner -> se",
          'jieli:role="clerk"',
        ),
        endEvent(),
      ].join(""),
      "start -> first -> sub -> end",
    );
    const text = { zh: "无人承办", en: "nobody acts" };
    const errors = [new RouteError("POSITION_UNKNOWN", "t", text, text), new Error("a defect")];
    for (const error of errors) {
      const route = () => {
        throw error;
      };
      const test = await TestCase.open(file, {}, { route });
      const refusal = expect.objectContaining({ name: "CommandError", code: "MOVE_IMPOSSIBLE", element: "sub" });
      expect(() => move(test, ["first"], ["inner"])).toThrow(error instanceof RouteError ? refusal : error);
      expect(test.tasks).toEqual(["first"]);
    }
  });
});

describe("a move is refused, and changes nothing,", () => {
  const handler = `<bpmn:boundaryEvent id="undone" attachedToRef="first"><bpmn:compensateEventDefinition id="ud"/></bpmn:boundaryEvent>${userTask("undo", 'isForCompensation="true"')}<bpmn:association id="ua" associationDirection="One" sourceRef="undone" targetRef="undo"/>`;
  const each = subProcess(
    "each",
    `${instances(false)}${startEvent("es")}${userTask("sign")}${endEvent("ee")}`,
    "es -> sign -> ee",
  );
  const file = nested()
    .replace('<bpmn:userTask id="beside"', `${handler}${each}<bpmn:userTask id="beside"`)
    .replace("</bpmn:process>", '<bpmn:sequenceFlow id="to_each" sourceRef="beside" targetRef="each"/></bpmn:process>');

  it.each([
    ["to an element that is not there", "nowhere", null, "MOVE_IMPOSSIBLE"],
    ["to a boundary event", "late", null, "MOVE_IMPOSSIBLE"],
    ["to a compensation handler", "undo", null, "MOVE_IMPOSSIBLE"],
    ["to an event sub-process", "listener", null, "MOVE_IMPOSSIBLE"],
    ["to the event that starts one", "ls", null, "MOVE_IMPOSSIBLE"],
    ["into a loop that is not active", "sign", null, "MOVE_IMPOSSIBLE"],
    ["to a scope that is not there", "first", "s99", "SCOPE_NOT_FOUND"],
    ["to an element that does not stand in the scope", "deep", "s1", "MOVE_IMPOSSIBLE"],
  ])("%s", async (_case, element, scope, code) => {
    const test = await TestCase.open(file);
    const before = JSON.stringify(test.running.state);
    expect(() => move(test, ["first"], [{ element, scope }])).toThrow(expect.objectContaining({ code }));
    expect(JSON.stringify(test.running.state)).toBe(before);
  });

  it.each([
    ["parallel", gateway("parallel", "j")],
    ["inclusive", gateway("inclusive", "j")],
    [
      "complex",
      '<bpmn:complexGateway id="j"><bpmn:activationCondition xsi:type="bpmn:tFormalExpression">activationCount = 2</bpmn:activationCondition></bpmn:complexGateway>',
    ],
  ])("to a join (%s), where it would have come by none of the flows", async (_kind, join) => {
    const forked = (inner: string) =>
      bpmn(
        [startEvent(), gateway("parallel", "f"), userTask("a"), userTask("b"), inner, userTask("c"), endEvent()].join(
          "",
        ),
        "start -> f; f -> a -> j; f -> b -> j; j -> c -> end",
      );
    const test = await TestCase.open(forked(join));
    const before = JSON.stringify(test.running.state);
    expect(() => move(test, ["a"], ["j"])).toThrow(
      expect.objectContaining({
        code: "MOVE_IMPOSSIBLE",
        element: "j",
        message: expect.stringContaining("put it before a step of the branch that is missing, or behind the join"),
      }),
    );
    expect(JSON.stringify(test.running.state)).toBe(before);
    // A gateway that need not wait for others, and a fork, can be begun at.
    move(test, ["a", "b"], ["f"]);
    expect(test.tasks).toEqual(["a", "b"]);
  });

  it("into the scope of a loop itself", async () => {
    const test = await TestCase.open(bpmn([startEvent(), each, endEvent()].join(""), "start -> each -> end"));
    const body = Object.values(test.running.state.scopes).find(({ kind }) => kind === "multiInstance")?.id ?? "";
    for (const element of ["each", "sign"])
      expect(() => move(test, [], [{ element, scope: body }])).toThrow(
        expect.objectContaining({ code: "MOVE_IMPOSSIBLE", element }),
      );
  });

  it("of a token that is not there", async () => {
    const test = await TestCase.open(file);
    const command: Command = { type: "moveTokens", cancel: ["t99"], start: [], reason: "moved" };
    expect(() => test.running.apply(command)).toThrow(expect.objectContaining({ code: "MOVE_IMPOSSIBLE" }));
    expect(test.tasks).toEqual(["first"]);
  });

  it("also where it shows only after something was cancelled that a session keeps in memory", async () => {
    const { processes } = await compileDefinitions(
      bpmn([startEvent(), each, endEvent()].join(""), "start -> each -> end").replaceAll(">3<", ">1<"),
    );
    const context = { now: testNow, route: null, calledProcess: () => null, evaluator: feel };
    const session = new Session(processes[0]!, null, context);
    session.apply({ type: "start", startEvent: null, variables: {} }, context);
    const before = JSON.stringify(session.state);
    const host = Object.values(session.state.tokens).find(({ scope }) => scope === "s1")?.id ?? "";
    const command: Command = {
      type: "moveTokens",
      cancel: [host],
      start: [{ element: "sign", scope: null }],
      reason: "again",
    };
    expect(() => session.apply(command, context)).toThrow(CommandError);
    expect(JSON.stringify(session.state)).toBe(before);
  });
});

describe("taking the last token away", () => {
  it("out of a called process cancels the call", async () => {
    const called = `<bpmn:process id="q" isExecutable="true">${startEvent("qs")}${userTask("inner")}${endEvent("qe")}${flowXml("qs -> inner -> qe").xml}</bpmn:process>`;
    const test = await TestCase.open(
      bpmn(
        [
          startEvent(),
          gateway("parallel", "f"),
          '<bpmn:callActivity id="call" calledElement="q"/>',
          userTask("beside"),
          endEvent(),
        ].join(""),
        "start -> f; f -> call -> end; f -> beside -> end",
        { more: called },
      ),
    );
    move(test, ["inner"]);
    expect(test.tasks).toEqual(["beside"]);
    expect(test.trace("element.cancelled")).toEqual(["element.cancelled inner", "element.cancelled call"]);
    expect(kinds(test)).toEqual(["process"]);
  });

  it("out of a sub-process cancels it and those around it that hold nothing else", async () => {
    const test = await TestCase.open(nested());
    test.complete("first");
    move(test, ["deep"]);
    expect(test.tasks).toEqual(["beside"]);
    expect(kinds(test)).toEqual(["process"]);
    expect([test.waits("timer"), test.waits("message")]).toEqual([[], []]);
  });

  it("out of one of two scopes leaves the other", async () => {
    const test = await TestCase.open(nested());
    test.complete("first");
    move(test, ["deep", "beside"], ["first"]);
    expect([test.tasks, kinds(test)]).toEqual([["first"], ["process"]]);
  });

  it("leaves a sub-process that holds something else", async () => {
    const test = await TestCase.open(nested());
    move(test, ["first"], ["deep", "deeper"]);
    move(test, ["deep"]);
    expect(test.tasks).toEqual(["deeper"]);
  });

  it("out of the case ends it", async () => {
    const test = await TestCase.open(nested());
    move(test, ["first"]);
    expect(test.running.status).toBe("completed");
  });

  it("out of a round of a loop cancels the loop", async () => {
    const again = '<bpmn:standardLoopCharacteristics loopMaximum="3"/>';
    const test = await TestCase.open(
      bpmn(
        [startEvent(), gateway("parallel", "f"), userTask("a", "", again), userTask("beside"), endEvent()].join(""),
        "start -> f; f -> a -> end; f -> beside -> end",
      ),
    );
    move(test, ["a"]);
    expect([test.tasks, kinds(test)]).toEqual([["beside"], ["process"]]);
  });

  it.each([
    [true, ["a"], ["a"]],
    [false, ["a", "a", "a"], ["a", "a"]],
  ])("out of an instance lets the loop go on (in sequence: %s)", async (sequential, before, after) => {
    const test = await TestCase.open(
      bpmn(
        [startEvent(), userTask("a", "", instances(sequential)), userTask("b"), endEvent()].join(""),
        "start -> a -> b -> end",
      ),
    );
    expect(test.tasks).toEqual(before);
    move(test, ["a"]);
    expect(test.tasks).toEqual(after);
    test.complete("a");
    move(test, ["a"]);
    expect(test.tasks).toEqual(["b"]);
  });
});
