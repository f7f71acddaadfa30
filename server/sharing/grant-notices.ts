import type { Announcement, Recipient } from "../notices/announce.ts";
import type { NoticeKind } from "../notices/kinds.ts";
import type { JournalLine } from "../runtime/journal.ts";

/** Whom a grant concerns, as far as people are told of it. */
interface Concerned {
  readonly id: string;
  readonly receiver: string;
  readonly provider: string;
  readonly endsOn: string | null;
}

const receiver = ({ receiver: organisation }: Concerned): Recipient => ({ organisation, role: "applicant-clerk" });
const provider = ({ provider: organisation }: Concerned): Recipient => ({ organisation, role: "provider-clerk" });
const providerHead = ({ provider: organisation }: Concerned): Recipient => ({ organisation, role: "provider-head" });

/** What of a grant's history people are told at once, and whom. */
const tellings: Readonly<
  Record<string, { readonly kind: NoticeKind; readonly to: (grant: Concerned) => readonly Recipient[] }>
> = {
  "grant.endsSoon": { kind: "grant.endsSoon", to: (grant) => [receiver(grant), provider(grant)] },
  "grant.unused": { kind: "grant.unused", to: (grant) => [receiver(grant)] },
  "grant.switchOffLate": { kind: "grant.switchOffLate", to: (grant) => [provider(grant), providerHead(grant)] },
  "access.suspended": { kind: "grant.suspended", to: (grant) => [receiver(grant), provider(grant)] },
  "access.unreachable": { kind: "grant.unreachable", to: (grant) => [receiver(grant), provider(grant)] },
  "access.restored": { kind: "grant.restored", to: (grant) => [receiver(grant), provider(grant)] },
  "grant.renewed": { kind: "grant.renewed", to: (grant) => [receiver(grant), provider(grant)] },
  "grant.notRenewed": { kind: "grant.notRenewed", to: (grant) => [receiver(grant)] },
  "grant.narrowed": { kind: "grant.narrowed", to: (grant) => [receiver(grant), provider(grant)] },
  "access.ended": { kind: "grant.over", to: (grant) => [receiver(grant), provider(grant)] },
  "access.revoked": { kind: "grant.over", to: (grant) => [receiver(grant), provider(grant)] },
};

/** The announcement of a line in a grant's history; `null` for a line that calls nobody. */
export function noticeOf(grant: Concerned, line: JournalLine): Announcement | null {
  const telling = tellings[line.type];
  if (!telling) return null;
  return {
    kind: telling.kind,
    instanceId: grant.id,
    taskId: null,
    to: telling.to(grant),
    params: { due: grant.endsOn ?? "—" },
    at: line.at,
    by: line.actor.kind === "person" ? line.actor.id : null,
  };
}
