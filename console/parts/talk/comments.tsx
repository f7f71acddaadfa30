import { useMutation } from "@tanstack/react-query";
import { Button, Input, Segmented, Select, Tag } from "antd";
import { useState } from "react";
import { z } from "zod";
import type { CommentView, MentionList } from "../../../server/api/comments/comments.schema.ts";
import { api } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRefreshAll } from "../live.ts";
import { Failure, Loaded, useApi } from "../page.tsx";
import { chinaTime } from "../time.ts";
import { DraftNote } from "./draft-note.tsx";
import { useDraft } from "./use-draft.ts";

const audiences = ["internal", "all"] as const;
const commentDraft = z.object({
  body: z.string(),
  audience: z.enum(audiences),
  mentions: z.array(z.string()),
});
type CommentDraft = z.infer<typeof commentDraft>;
const nothing: CommentDraft = { body: "", audience: "internal", mentions: [] };

/** What was said about a case. Texts are shown as text, whatever they hold. */
export function Comments({ instanceId }: { instanceId: string }) {
  const { t } = useText();
  const comments = useApi<{ items: CommentView[] }>(`/api/instances/${instanceId}/comments`);
  const [round, setRound] = useState(0);
  return (
    <section className="card">
      <h2>{t("comments")}</h2>
      <Loaded result={comments}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted">{t("commentsEmpty")}</p>
          ) : (
            <ul className="plain">
              {items.map((comment) => (
                <Comment key={comment.id} instanceId={instanceId} comment={comment} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <NewComment key={round} instanceId={instanceId} onSent={() => setRound((before) => before + 1)} />
    </section>
  );
}

function Comment({ instanceId, comment }: { instanceId: string; comment: CommentView }) {
  const { t, pick, term } = useText();
  const refresh = useRefreshAll();
  const withdrawing = useMutation({
    mutationFn: async () => {
      await api.post(`/api/instances/${instanceId}/comments/${comment.id}/withdraw`, {});
      await refresh();
    },
  });
  if (comment.withdrawnAt)
    return (
      <li className="muted">
        {t("commentWithdrawn", { name: comment.by.name })} · {chinaTime(comment.withdrawnAt)}
      </li>
    );
  return (
    <li>
      <strong>{comment.by.name}</strong>{" "}
      <span className="muted">
        {pick(comment.organisation.name)} · {chinaTime(comment.at)}
      </span>{" "}
      <Tag>{term(`audience_${comment.audience}`)}</Tag>
      {comment.mayWithdraw && (
        <Button type="link" size="small" loading={withdrawing.isPending} onClick={() => withdrawing.mutate()}>
          {t("commentWithdraw")}
        </Button>
      )}
      <p className="said">{comment.body}</p>
      {comment.mentions.length > 0 && (
        <p className="muted">{comment.mentions.map(({ name }) => `@${name}`).join(" ")}</p>
      )}
      {withdrawing.error !== null && <Failure error={withdrawing.error} />}
    </li>
  );
}

function NewComment({ instanceId, onSent }: { instanceId: string; onSent: () => void }) {
  const { t, pick, term } = useText();
  const refresh = useRefreshAll();
  const [typed, setTyped] = useState(nothing);
  const [key] = useState(() => crypto.randomUUID());
  const people = useApi<MentionList>(`/api/instances/${instanceId}/mentionable?audience=${typed.audience}`);
  const draft = useDraft(`comment.${instanceId}`, typed, (before) => {
    const kept = commentDraft.safeParse(before);
    if (kept.success) setTyped(kept.data);
  });
  const sending = useMutation({
    mutationFn: async () => {
      await draft.whileSending(() => api.post(`/api/instances/${instanceId}/comments`, typed, key));
      await refresh();
      onSent();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        sending.mutate();
      }}
    >
      {sending.error !== null && <Failure error={sending.error} />}
      <label className="field">
        <span>{t("commentText")}</span>
        <Input.TextArea
          rows={2}
          maxLength={2000}
          value={typed.body}
          onChange={(event) => setTyped({ ...typed, body: event.target.value })}
        />
      </label>
      <label className="field" htmlFor="comment-mentions">
        <span>{t("commentMention")}</span>
        <Select
          id="comment-mentions"
          mode="multiple"
          style={{ width: "100%" }}
          optionFilterProp="label"
          value={typed.mentions}
          onChange={(mentions) => setTyped({ ...typed, mentions })}
          options={(people.data?.items ?? []).map(({ id, name, organisation }) => ({
            value: id,
            label: `${name} · ${pick(organisation.name)}`,
          }))}
        />
      </label>
      <div className="row">
        <Segmented
          aria-label={t("commentAudience")}
          value={typed.audience}
          onChange={(audience) => setTyped({ ...typed, audience, mentions: [] })}
          options={audiences.map((value) => ({ value, label: term(`audience_${value}`) }))}
        />
        <Button htmlType="submit" loading={sending.isPending} disabled={typed.body.trim() === ""}>
          {t("commentSend")}
        </Button>
        <DraftNote draft={draft} />
      </div>
    </form>
  );
}
