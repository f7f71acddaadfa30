import { randomBytes, scryptSync } from "node:crypto";

const cost = { N: 16, r: 8, p: 1 } as const;

/**
 * A password hash that is read as the product reads its own, with parameters that cost nothing: a stored hash names its parameters.
 * For people who only have to be signed in; server/identity/passwords.test.ts holds the real ones.
 */
export function quickHash(password: string): string {
  const salt = randomBytes(16);
  const key = scryptSync(password, salt, 32, cost);
  return `scrypt$${cost.N}$${cost.r}$${cost.p}$${salt.toString("base64")}$${key.toString("base64")}`;
}
