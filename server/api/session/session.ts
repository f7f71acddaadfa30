import { resume, signIn, signOut, type Principal } from "../../identity/sessions.ts";
import { organisationsToBeginAt, possibleBeginners } from "../../sharing/start-rights.ts";
import { mayDo } from "../../identity/policy.ts";
import { organisationsOf } from "../../identity/posts.ts";
import { notFound } from "../../runtime/errors.ts";
import { demoPassword } from "../../runtime/seed.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { organisationOf } from "../present.ts";
import { defineRoute } from "../route.ts";
import { demoAccounts, me, role, signInBody, type Me } from "./session.schema.ts";

export const sessionCookie = "jieli";

export const sessionRoutes = [
  defineRoute({
    method: "post",
    path: "/api/session",
    summary: "Sign in",
    body: signInBody,
    answer: me,
    status: 201,
    open: true,
    handle: async ({ runtime, body, context }) => {
      const old = context.cookies.get(sessionCookie);
      if (old) await signOut(runtime.store, old);
      const { token, principal } = await signIn(runtime.store, { ...body, caseTime: runtime.clock.now() });
      context.cookies.set(sessionCookie, token, {
        httpOnly: true,
        sameSite: "lax",
        secure: context.secure,
        overwrite: true,
      });
      return present(runtime, principal);
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/session",
    summary: "Who is signed in",
    answer: me,
    handle: async ({ runtime, principal }) => present(runtime, principal),
  }),
  defineRoute({
    method: "delete",
    path: "/api/session",
    summary: "Sign out",
    handle: async ({ runtime, context }) => {
      const token = context.cookies.get(sessionCookie);
      if (token) await signOut(runtime.store, token);
      context.cookies.set(sessionCookie, null);
      return undefined;
    },
  }),
  defineRoute({
    method: "get",
    path: "/api/session/demo-accounts",
    summary: "Accounts of a demo installation",
    answer: demoAccounts,
    open: true,
    handle: async ({ runtime }) => {
      if (!runtime.demo) throw notFound();
      return {
        items: runtime.content.users.map((user) => ({
          account: user.account,
          name: user.name,
          organisation: organisationOf(runtime, user.posts[0]?.organisation ?? "").name,
          does: user.does,
          password: demoPassword,
        })),
      };
    },
  }),
];

export { resume };

function present(runtime: Runtime, principal: Principal): Me {
  const organisations = organisationsOf(principal.posts);
  const holds = (...roles: string[]) => principal.posts.some((post) => roles.includes(post.role));
  const starting = runtime.content.processes.flatMap(({ starts }) => starts.map((start) => start.role));
  const appliesFor = organisationsToBeginAt(principal).flatMap((organisation) => {
    // Which process and which data is not known yet: the scope of a substitution is asked when they are chosen.
    const [beginner] = possibleBeginners(runtime.content, principal, { type: "application.start", organisation });
    return beginner ? [{ ...organisationOf(runtime, organisation), inSteadOf: beginner.inSteadOf }] : [];
  });
  return {
    id: principal.id,
    account: principal.account,
    name: principal.name,
    posts: organisations.map((id) => ({
      organisation: organisationOf(runtime, id),
      roles: principal.posts.filter((post) => post.organisation === id).map((post) => role.parse(post.role)),
    })),
    appliesFor,
    may: {
      apply: appliesFor.length > 0,
      start: organisationsToBeginAt(principal).some((organisation) =>
        starting.some(
          (starter) =>
            possibleBeginners(runtime.content, principal, { type: "process.start", organisation, role: starter })
              .length > 0,
        ),
      ),
      work: !holds("designer", "system-admin") || principal.posts.length > 1,
      design: mayDo(principal, { type: "definition.deploy" }, runtime.content),
      simulate: mayDo(principal, { type: "definition.simulate" }, runtime.content),
      supervise: mayDo(principal, { type: "sla.view" }, runtime.content),
      signOff: organisations.some((organisation) =>
        mayDo(principal, { type: "person.leave", person: "", organisations: [organisation] }, runtime.content),
      ),
      moveClock: runtime.demo && mayDo(principal, { type: "clock.move" }, runtime.content),
      administerNotices: mayDo(principal, { type: "notices.administer" }, runtime.content),
    },
    csrfToken: principal.csrf,
    lastSignInAt: principal.lastSignInAt,
    now: runtime.clock.now(),
  };
}
