import { useMutation } from "@tanstack/react-query";
import { App, Button, Checkbox, Input, Rate, Segmented, Tag } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { GrantDetail } from "../../../server/api/grants/grants.schema.ts";
import { api } from "../../api/client.ts";
import { useText } from "../../i18n/i18n.ts";
import { useRefreshAll } from "../live.ts";
import { Failure } from "../page.tsx";

type Action = GrantDetail["actions"][number];

/** Path under the grant of each action that is a form of its own. */
const paths: Readonly<Partial<Record<Action, string>>> = {
  renew: "renewal",
  narrow: "narrow",
  release: "release",
  suspend: "suspend",
  restore: "restore",
  revoke: "revoke",
  announceChange: "change",
  confirmSwitchedOff: "switched-off",
  rateAccepted: "ratings",
  rateEnded: "ratings",
};

interface Draft {
  readonly reason: string;
  readonly to: string;
  readonly items: readonly string[];
  readonly kind: "narrow" | "terminate";
  readonly score: number;
}

/** What the reader may do to a grant now; each action asks for what it needs and for its reasons. */
export function GrantActions({ grant }: { grant: GrantDetail }) {
  const { t, term } = useText();
  const navigate = useNavigate();
  const [open, setOpen] = useState<Action | null>(null);
  if (grant.actions.length === 0) return null;
  const begin = (action: Action) => {
    if (action === "copy") void navigate(`/apply?resource=${grant.resource.id}&copy=${grant.applicationId ?? ""}`);
    else setOpen(open === action ? null : action);
  };
  return (
    <section className="card">
      <div className="row">
        {grant.onBehalfOf && <Tag color="blue">{t("handFor", { who: grant.onBehalfOf.name })}</Tag>}
        {grant.actions.map((action) => (
          <Button key={action} aria-expanded={open === action} onClick={() => begin(action)}>
            {term(`gAct_${action}`)}
          </Button>
        ))}
      </div>
      {open !== null && grant.actions.includes(open) && (
        <ActionForm key={open} grant={grant} action={open} title={term(`gAct_${open}`)} onDone={() => setOpen(null)} />
      )}
      {grant.acceptedAt === null && <p className="muted">{t("gState_granted")}</p>}
    </section>
  );
}

interface ActionFormProps {
  readonly grant: GrantDetail;
  readonly action: Action;
  readonly title: string;
  readonly onDone: () => void;
}

function ActionForm({ grant, action, title, onDone }: ActionFormProps) {
  const { t, pick } = useText();
  const { message } = App.useApp();
  const refresh = useRefreshAll();
  const [draft, setDraft] = useState<Draft>({
    reason: "",
    to: "",
    items: grant.items.map(({ code }) => code),
    kind: "narrow",
    score: 0,
  });
  const [key] = useState(() => crypto.randomUUID());
  const set = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }));
  const sending = useMutation({
    mutationFn: async () => {
      await api.post(`/api/grants/${grant.id}/${paths[action] ?? action}`, bodyOf(action, draft, grant), key);
      void message.success(t("gDone"));
      onDone();
      await refresh();
    },
  });
  const rates = action === "rateAccepted" || action === "rateEnded";
  const narrows = action === "narrow" || (action === "announceChange" && draft.kind === "narrow");
  return (
    <form
      style={{ marginTop: 12 }}
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        sending.mutate();
      }}
    >
      {sending.error !== null && <Failure error={sending.error} />}
      {action === "announceChange" && (
        <Segmented<Draft["kind"]>
          value={draft.kind}
          onChange={(kind) => set({ kind })}
          options={[
            { value: "narrow", label: t("gNarrowService") },
            { value: "terminate", label: t("gTerminate") },
          ]}
        />
      )}
      {narrows && grant.items.length > 0 && (
        <fieldset className="field">
          <legend>{t("gKeepItems")}</legend>
          <Checkbox.Group
            value={[...draft.items]}
            onChange={(items) => set({ items })}
            options={grant.items.map(({ code, name }) => ({ value: code, label: pick(name) }))}
          />
        </fieldset>
      )}
      {(narrows || action === "renew") && (
        <label className="field">
          <span>{t(action === "renew" ? "gRenewTo" : "gEndEarlier")}</span>
          <Input type="date" value={draft.to} onChange={(event) => set({ to: event.target.value })} />
        </label>
      )}
      {rates && (
        <div className="field">
          <span>{t("gScore")}</span>
          <Rate value={draft.score} onChange={(score) => set({ score })} aria-label={t("gScore")} />
        </div>
      )}
      <label className="field">
        <span>{rates ? t("gLacking") : `${t("gReason")} (${t("gReasonShort")})`}</span>
        <Input.TextArea rows={2} value={draft.reason} onChange={(event) => set({ reason: event.target.value })} />
      </label>
      <Button type="primary" htmlType="submit" loading={sending.isPending}>
        {t("gSend")}
      </Button>
    </form>
  );
}

/** Only what was changed is sent: a part that stays is no narrowing. */
function narrowingOf({ items, to }: Draft, grant: GrantDetail) {
  return { ...(items.length < grant.items.length ? { items } : {}), ...(to === "" ? {} : { endsOn: to }) };
}

function bodyOf(action: Action, draft: Draft, grant: GrantDetail): object {
  const { reason } = draft;
  switch (action) {
    case "renew":
      return { to: draft.to, reason };
    case "narrow":
      return { ...narrowingOf(draft, grant), reason };
    case "announceChange":
      return draft.kind === "narrow"
        ? { kind: "narrow", to: narrowingOf(draft, grant), reason }
        : { kind: "terminate", reason };
    case "confirmSwitchedOff":
      return { note: reason };
    case "rateAccepted":
      return { phase: "accepted", score: draft.score, lacking: reason };
    case "rateEnded":
      return { phase: "ended", score: draft.score, lacking: reason };
    default:
      return { reason };
  }
}
