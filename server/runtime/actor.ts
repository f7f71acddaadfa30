/** Who did it. Nothing automatic is ever written as a person's decision. */
export type Actor =
  | {
      readonly kind: "person";
      readonly id: string;
      readonly name: string;
      readonly organisation: string | null;
      /** Present where the person stood in for somebody: both names belong to what was done. */
      readonly onBehalfOf?: { readonly id: string; readonly name: string };
    }
  | { readonly kind: "system"; readonly name: string }
  | { readonly kind: "worker"; readonly id: string; readonly name: string };

export const systemActor: Actor = { kind: "system", name: "system" };

export type PersonActor = Extract<Actor, { kind: "person" }>;
