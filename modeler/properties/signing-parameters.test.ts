import { describe, expect, it } from "vitest";
import { noParameters, readParameters, withRoles, writeParameters } from "./signing-parameters.ts";

const clerk = { role: "clerk", weight: 2, required: true, veto: false };

describe("the parameters of a signing policy", () => {
  it.each([
    ["vote", { ...noParameters, passShare: 0.5, abstain: true }, '{"passShare":0.5,"abstain":true}'],
    ["all", { ...noParameters, signers: [clerk] }, '{"signers":[{"role":"clerk","weight":2,"required":true}]}'],
    ["all", { ...noParameters, passCount: 2, abstain: true, hearAll: true }, '{"hearAll":true}'],
    [
      "all",
      { ...noParameters, signers: [{ ...clerk, at: "applicant" as const }] },
      '{"signers":[{"role":"clerk","at":"applicant","weight":2,"required":true}]}',
    ],
    ["single", { ...noParameters, signers: [clerk] }, undefined],
    ["any", noParameters, undefined],
    [undefined, { ...noParameters, veto: true }, undefined],
  ])("of “%s” hold only what it has use for", (kind, parameters, written) => {
    expect(writeParameters(kind, parameters)).toBe(written);
  });

  it.each(["{", "[]", '{"signers":[{"role":"clerk","at":"nowhere"}]}', '{"signers":[{"role":""}]}', '{"unheard":1}'])(
    "are not guessed from %s",
    (json) => {
      expect(readParameters(json)).toBeNull();
    },
  );

  it("are read back as they were written", () => {
    const parameters = { ...noParameters, passCount: 2, quorum: 3, veto: true, signers: [clerk] };
    expect(readParameters(writeParameters("vote", parameters))).toEqual(parameters);
  });

  it("keep the rights of signers who stay", () => {
    const head = { role: "head", weight: 1, required: false, veto: false };
    expect(withRoles([clerk], ["head", "clerk"])).toEqual([clerk, head]);
    expect(withRoles([clerk, head], ["head"])).toEqual([head]);
  });
});
