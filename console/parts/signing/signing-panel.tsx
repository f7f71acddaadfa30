import { Tag } from "antd";
import { useId, useRef, type CSSProperties } from "react";
import type { SigningView, TaskDetail } from "../../../server/api/tasks/tasks.schema.ts";
import { useText } from "../../i18n/i18n.ts";
import { AddSigner } from "./add-signer.tsx";
import { nestedSigners, type NestedSigner, type SignerView } from "./nested-signers.ts";
import { ChangeSigner } from "./change-signer.tsx";
import { ItemTallies } from "./item-tallies.tsx";
import { TallyBar } from "./tally.tsx";
import "./signing.css";

/** Who signs the step and how it stands, with what the reader may change about it. */
export function SigningPanel({ task }: { task: TaskDetail }) {
  const { t, pick } = useText();
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  const { signing } = task;
  const isOpen = task.kind === "decide" && (task.state === "open" || task.state === "waiting");
  if (!signing && !isOpen) return null;
  // What was done may have taken its own button away: the reader goes on from the panel's head.
  const toHeading = () => heading.current?.focus();
  return (
    <section className="card signing" aria-labelledby={id}>
      <h2 id={id} ref={heading} tabIndex={-1}>
        {t("signing")}
        {signing && ` · ${pick(signing.name)}`}
      </h2>
      {signing ? <Round signing={signing} onDone={toHeading} /> : <p>{t("signingOne")}</p>}
      {isOpen && <AddSigner task={task} onDone={toHeading} />}
    </section>
  );
}

function Round({ signing, onDone }: { signing: SigningView; onDone: () => void }) {
  const { t, pick, clauses } = useText();
  const { result } = signing;
  return (
    <>
      <p>{clauses(usePolicyWords(signing))}</p>
      <TallyBar signing={signing} />
      <ItemTallies signing={signing} />
      {result && (
        <p role="status">
          <strong>
            {t("signingResult", {
              outcome: result.outcome ? pick(result.outcome.name) : t("signingNoOutcome"),
              reason: t(`signingBecause_${result.reason}`),
            })}
          </strong>
        </p>
      )}
      <table className="signers">
        <thead>
          <tr>
            <th scope="col">{t("signer")}</th>
            <th scope="col">{t("signerWeight")}</th>
            <th scope="col">{t("signerState")}</th>
            <th scope="col">{t("signerOpinion")}</th>
          </tr>
        </thead>
        <tbody>
          {nestedSigners(signing.signers).map((nested) => (
            <SignerRow key={nested.signer.id} nested={nested} onDone={onDone} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function SignerRow({ nested, onDone }: { nested: NestedSigner; onDone: () => void }) {
  const { t, pick } = useText();
  const { signer, depth, addedBy } = nested;
  const { organisation, role, state, outcome, opinion } = signer;
  return (
    <tr style={{ "--depth": depth } as CSSProperties}>
      <td data-depth={depth}>
        <strong>{signer.name ?? t("signerNobodyYet")}</strong>
        <p className="muted">
          {pick(organisation.name)} · {pick(role.name)}
        </p>
        {signer.place && addedBy && (
          <p className="muted">{t(`signerAdded_${signer.place}`, { name: addedBy.name ?? t("signerNobodyYet") })}</p>
        )}
        <Marks signer={signer} />
      </td>
      <td data-label={t("signerWeight")}>{signer.counts ? signer.weight : "–"}</td>
      <td data-label={t("signerState")}>
        {t(`signerState_${state}`)}
        <ChangeSigner signer={signer} onDone={onDone} />
      </td>
      <td data-label={t("signerOpinion")}>
        {outcome ? pick(outcome.name) : "–"}
        {opinion && <p className="muted">{opinion}</p>}
      </td>
    </tr>
  );
}

function Marks({ signer }: { signer: SignerView }) {
  const { t } = useText();
  if (!signer.required && !signer.veto && signer.counts) return null;
  return (
    <p>
      {signer.required && <Tag>{t("signerRequired")}</Tag>}
      {signer.veto && <Tag>{t("signerVeto")}</Tag>}
      {!signer.counts && <Tag>{t("signerAdvisory")}</Tag>}
    </p>
  );
}

/** The policy and its parameters as people say them. */
function usePolicyWords({ policy, parameters }: SigningView): readonly string[] {
  const { t } = useText();
  const { passShare, passCount, refuseCount, quorum, veto, abstain, hearAll } = parameters;
  return [
    t(`signingBy_${policy}`),
    passShare !== undefined && t("signingPassShare", { share: Math.round(passShare * 1000) / 10 }),
    passCount !== undefined && t("signingPassCount", { count: passCount }),
    refuseCount !== undefined && t("signingRefuseCount", { count: refuseCount }),
    quorum !== undefined && t("signingQuorum", { count: quorum }),
    veto && t("signingVeto"),
    abstain && t("signingAbstain"),
    hearAll && t("signingHearAll"),
  ].filter((words) => words !== false);
}
