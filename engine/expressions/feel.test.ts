import { describe, expect, it } from "vitest";
import { compileExpression, evaluateExpression } from "./feel.ts";

describe("what an expression may not do", () => {
  it.each([
    ["iterate over a range without end", "for x in 1..1000000000 return x", "EXPRESSION_RANGE_TOO_LONG"],
    ["iterate up to what a variable says", "some x in 1..amount satisfies x > 3", "EXPRESSION_RANGE_TOO_LONG"],
    ["iterate over ranges that multiply", "for a in 1..40, b in 1..40 return a * b", "EXPRESSION_RANGE_TOO_LONG"],
    ["iterate within an iteration", "for a in 1..40 return for b in 1..40 return b", "EXPRESSION_RANGE_TOO_LONG"],
    ["nest brackets until the stack ends", "[".repeat(1_900), "EXPRESSION_SYNTAX"],
    ["be longer than anybody reads", `"${"长".repeat(2_000)}"`, "EXPRESSION_SYNTAX"],
    ["run a regular expression", 'matches(name, "(a+)+$")', "EXPRESSION_FUNCTION_FORBIDDEN"],
  ])("%s", (_what, source, code) => {
    expect(() => compileExpression(source)).toThrow(expect.objectContaining({ name: "ExpressionError", code }));
  });
});

describe("what it may do", () => {
  it.each([
    ["iterate over a list", "for x in amounts return x + 1", [2, 3]],
    ["iterate over a short range", "for x in 1..3 return x", [1, 2, 3]],
    ["ask for an interval of any size", "4 in [1..1000000000]", true],
  ])("%s", (_what, source, value) => {
    expect(evaluateExpression(compileExpression(source), { amounts: [1, 2] })).toEqual(value);
  });
});
