import { describe, expect, it } from "vitest";
import { bpmn, endEvent, gateway, startEvent, userTask } from "../../test/support/bpmn.ts";
import { compileDefinitions } from "./compile.ts";

async function problemsOf(xml: string) {
  return (await compileDefinitions(xml)).problems.map(({ code, element, severity }) => ({ code, element, severity }));
}
const error = (code: string, element: string | null) => expect.objectContaining({ code, element, severity: "error" });

describe("what deployment refuses, by element", () => {
  it.each([
    [
      "a script that is not FEEL",
      '<bpmn:scriptTask id="s1" scriptFormat="javascript"><bpmn:script>1</bpmn:script></bpmn:scriptTask>',
      "s1",
    ],
    ["a choreography task", '<bpmn:choreographyTask id="c1"/>', "c1"],
    [
      "a parallel multiple event with an error",
      `<bpmn:userTask id="u1"/><bpmn:boundaryEvent id="b1" attachedToRef="u1" parallelMultiple="true"><bpmn:errorEventDefinition id="d1"/><bpmn:signalEventDefinition id="d2"/></bpmn:boundaryEvent>`,
      "b1",
    ],
  ])("%s", async (_name, element, id) => {
    expect(await problemsOf(bpmn(startEvent() + element + endEvent(), "start -> end"))).toContainEqual(
      error("ELEMENT_UNSUPPORTED", id),
    );
  });

  it("an unknown element, a duplicate id and a dangling flow", async () => {
    expect(
      await problemsOf(bpmn(`${startEvent()}<bpmn:magicTask id="m1"/>${endEvent()}`, "start -> end")),
    ).toContainEqual(error("ELEMENT_UNKNOWN", "m1"));
    expect(
      await problemsOf(bpmn(startEvent() + userTask("a") + userTask("a") + endEvent(), "start -> a -> end")),
    ).toContainEqual(expect.objectContaining({ code: "ID_DUPLICATE" }));
    expect(await problemsOf(bpmn(startEvent() + endEvent(), "start -> nowhere"))).toContainEqual(
      error("REFERENCE_DANGLING", "start_nowhere"),
    );
  });

  it("a process that is not executable, with the way to mend it", async () => {
    const { problems } = await compileDefinitions(
      bpmn(startEvent() + endEvent(), "start -> end").replace(' isExecutable="true"', ""),
    );
    expect(problems).toContainEqual(expect.objectContaining({ code: "PROCESS_NOT_EXECUTABLE", element: "p" }));
    expect(problems[0]?.message.en).toContain("isExecutable");
    expect(problems[0]?.message.zh).toContain("isExecutable");
  });

  it("an entity bomb, an external entity, a huge file, deep nesting and text that is no XML", async () => {
    const bomb = '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><b>&b;</b>';
    expect(await problemsOf(bomb)).toEqual([error("DOCTYPE_FORBIDDEN", null)]);
    expect(await problemsOf("x".repeat(1_048_577))).toEqual([error("FILE_TOO_LARGE", null)]);
    expect(await problemsOf("hello")).toEqual([error("XML_UNREADABLE", null)]);
    const deep =
      Array.from({ length: 9 }, (_, index) => `<bpmn:subProcess id="d${index}">`).join("") +
      "</bpmn:subProcess>".repeat(9);
    expect(await problemsOf(bpmn(startEvent() + deep, "start -> d0"))).toContainEqual(
      expect.objectContaining({ code: "NESTING_TOO_DEEP" }),
    );
  });

  it("an id that JavaScript's own objects use", async () => {
    expect(
      await problemsOf(bpmn(startEvent() + userTask("constructor") + endEvent(), "start -> constructor -> end")),
    ).toContainEqual(error("ID_INVALID", "constructor"));
  });

  it("another expression language, FEEL that does not parse, and functions that are fenced off", async () => {
    const file = (condition: string) =>
      bpmn(
        [startEvent(), gateway("exclusive", "x"), endEvent(), endEvent("e2")].join(""),
        `start -> x; x -> end if ${condition}; x -> e2 default`,
      );
    expect(await problemsOf(file("${environment.variables.a}"))).toContainEqual(
      error("EXPRESSION_LANGUAGE_UNSUPPORTED", "x_end"),
    );
    expect(await problemsOf(file("a >"))).toContainEqual(error("EXPRESSION_SYNTAX", "x_end"));
    expect(await problemsOf(file('matches(a, "(a+)+$")'))).toContainEqual(
      error("EXPRESSION_FUNCTION_FORBIDDEN", "x_end"),
    );
    expect(await problemsOf(file("now() > a"))).toContainEqual(error("EXPRESSION_FUNCTION_FORBIDDEN", "x_end"));
    const script = file("a > 1").replace('"bpmn:tFormalExpression"', '"bpmn:tFormalExpression" language="javascript"');
    expect(await problemsOf(script)).toContainEqual(error("EXPRESSION_LANGUAGE_UNSUPPORTED", "x_end"));
  });

  it("a data association whose source has a name that FEEL cannot write, and correlation keys too long together", async () => {
    const named = `<bpmn:dataObject id="paper" name="http://a \`b\`"/><bpmn:dataObject id="copy" name="copy"/>`;
    const association =
      '<bpmn:dataInputAssociation id="ia"><bpmn:sourceRef>paper</bpmn:sourceRef><bpmn:targetRef>copy</bpmn:targetRef></bpmn:dataInputAssociation>';
    expect(
      await problemsOf(bpmn(startEvent() + named + userTask("a", "", association) + endEvent(), "start -> a -> end")),
    ).toContainEqual(error("EXPRESSION_SYNTAX", "a"));
    const property = (id: string) =>
      `<bpmn:correlationProperty id="${id}"><bpmn:correlationPropertyRetrievalExpression messageRef="m"><bpmn:messagePath>"${"x".repeat(1_200)}"</bpmn:messagePath></bpmn:correlationPropertyRetrievalExpression></bpmn:correlationProperty>`;
    const receiving = '<bpmn:receiveTask id="r" messageRef="m"/>';
    expect(
      await problemsOf(
        bpmn(startEvent() + receiving + endEvent(), "start -> r -> end", {
          root: `<bpmn:message id="m" name="m"/>${property("k1")}${property("k2")}`,
        }),
      ),
    ).toContainEqual(error("EXPRESSION_SYNTAX", "m"));
  });

  it("an event-based gateway that leads to a task, a timer without time, a boundary on nothing", async () => {
    expect(
      await problemsOf(
        bpmn([startEvent(), gateway("eventBased", "g"), userTask("a"), endEvent()].join(""), "start -> g -> a -> end"),
      ),
    ).toContainEqual(error("EVENT_GATEWAY_TARGET", "g"));
    const timer =
      '<bpmn:intermediateCatchEvent id="t"><bpmn:timerEventDefinition id="d"/></bpmn:intermediateCatchEvent>';
    expect(await problemsOf(bpmn(startEvent() + timer + endEvent(), "start -> t -> end"))).toContainEqual(
      error("TIMER_MISSING", "t"),
    );
    expect(
      await problemsOf(
        bpmn(
          startEvent() +
            '<bpmn:boundaryEvent id="b"><bpmn:timerEventDefinition id="d"><bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>' +
            endEvent(),
          "start -> end; b -> end",
        ),
      ),
    ).toContainEqual(error("BOUNDARY_DANGLING", "b"));
  });
});

describe("what deployment only warns of", () => {
  it("a path that ends silently and an element that nothing reaches", async () => {
    const { processes, problems } = await compileDefinitions(
      bpmn([startEvent(), userTask("a"), userTask("lost"), endEvent()].join(""), "start -> a"),
    );
    expect(processes).toHaveLength(1);
    expect(problems.map(({ code, element }) => `${code} ${element}`)).toEqual(
      expect.arrayContaining(["NO_WAY_ON a", "UNREACHABLE lost", "UNREACHABLE end"]),
    );
  });
});
