import { useText } from "../../i18n/i18n.ts";
import { useMe } from "../session.tsx";
import { CaseAttachments } from "./attachments.tsx";
import { UrgeButton, WatchButton } from "./case-actions.tsx";
import { Comments } from "./comments.tsx";
import { CopyButton } from "./copy-dialog.tsx";

interface CaseTalkProps {
  readonly instanceId: string;
  /** Organisation of the applicant, who may urge. */
  readonly applicantId: string;
  /** The task that the reader may act on; `null` on the screen of a case. */
  readonly task: { readonly id: string; readonly rev: number } | null;
}

/** Everything that people say and hand to each other about a case. */
export function CaseTalk({ instanceId, applicantId, task }: CaseTalkProps) {
  const { t } = useText();
  const me = useMe();
  const isApplicant = me.posts.some(({ organisation }) => organisation.id === applicantId);
  return (
    <>
      <section className="card row" aria-label={t("talk")}>
        {(isApplicant || me.may.supervise) && <UrgeButton instanceId={instanceId} />}
        {(task !== null || me.may.supervise) && <CopyButton instanceId={instanceId} task={task} />}
        <WatchButton instanceId={instanceId} />
      </section>
      <CaseAttachments instanceId={instanceId} taskId={task?.id ?? null} />
      <Comments instanceId={instanceId} />
    </>
  );
}
