import type { SigningView } from "../../../server/api/tasks/tasks.schema.ts";
import { useText } from "../../i18n/i18n.ts";

const parts = [
  { of: "for", text: "signingFor" },
  { of: "against", text: "signingAgainst" },
  { of: "abstain", text: "signingAbstained" },
  { of: "open", text: "signingOpen" },
] as const;

/** The votes as words, and the same as a bar whose parts differ in pattern as well as in colour. */
export function TallyBar({ signing }: { signing: SigningView }) {
  const { t } = useText();
  const { tally, parameters } = signing;
  const shown = parts.filter(({ of }) => tally[of] > 0 || of === "for" || of === "against");
  const { passShare } = parameters;
  return (
    <>
      <p className="tally-words">
        <strong>{t("signingTally")}</strong>{" "}
        {shown.map(({ of, text }) => (
          <span key={of}>
            <i className="tally-mark" data-part={of} aria-hidden="true" /> {t(text, { count: tally[of] })}
          </span>
        ))}
        <span>{t("signingTotal", { count: tally.total })}</span>
      </p>
      <div className="tally" aria-hidden="true">
        {shown.map(({ of }) => (
          <span key={of} data-part={of} style={{ flexGrow: tally[of] }} />
        ))}
        {passShare !== undefined && <b style={{ left: `${passShare * 100}%` }} />}
      </div>
      {passShare !== undefined && <small className="muted">{t("signingNeeded")}</small>}
    </>
  );
}
