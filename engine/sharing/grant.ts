/**
 * The life of access that was granted (domain processes DS-01 step 6, DS-09). It is no access yet when it is granted: data have
 * to be delivered and accepted first, so that an approval never looks like data.
 */
export const grantStates = ["granted", "delivered", "active", "suspended", "ended", "revoked"] as const;
export type GrantState = (typeof grantStates)[number];

export const grantActions = [
  "deliver",
  "rejectDelivery",
  "accept",
  "suspend",
  "restore",
  "renew",
  "narrow",
  "expire",
  "release",
  "revoke",
] as const;
export type GrantAction = (typeof grantActions)[number];

/** On whose behalf somebody acts on a grant. */
export type GrantSide = "receiver" | "provider" | "authority";

const open = ["granted", "delivered", "active", "suspended"] as const;

const moves: Readonly<Record<GrantAction, Readonly<Partial<Record<GrantState, GrantState>>>>> = {
  deliver: { granted: "delivered" },
  rejectDelivery: { delivered: "granted" },
  accept: { granted: "active", delivered: "active" },
  suspend: { active: "suspended" },
  restore: { suspended: "active" },
  renew: { active: "active" },
  narrow: { granted: "granted", delivered: "delivered", active: "active", suspended: "suspended" },
  expire: { granted: "ended", delivered: "ended", active: "ended", suspended: "ended" },
  release: { granted: "ended", delivered: "ended", active: "ended", suspended: "ended" },
  revoke: { granted: "revoked", delivered: "revoked", active: "revoked", suspended: "revoked" },
};

/**
 * Who may do by hand what, and in which states. A provider does not end a service on its own (domain DS-09): outside a
 * suspension it announces the change or the end, and the authority files it.
 */
const rights: Readonly<Record<GrantSide, Readonly<Partial<Record<GrantAction, readonly GrantState[]>>>>> = {
  receiver: { renew: ["active"], narrow: open, release: open },
  provider: { suspend: ["active"], restore: ["suspended"], revoke: ["suspended"] },
  authority: { suspend: ["active"], restore: ["suspended"], revoke: open },
};

/** State after an action; `null` where the state does not allow it. */
export function stateAfter(state: GrantState, action: GrantAction): GrantState | null {
  return moves[action][state] ?? null;
}

/** True where somebody of this side may do this by hand to a grant in this state. */
export function mayAct(side: GrantSide, action: GrantAction, state: GrantState): boolean {
  return rights[side][action]?.includes(state) === true && stateAfter(state, action) !== null;
}

export function isOver(state: GrantState): boolean {
  return state === "ended" || state === "revoked";
}
