import { Link } from "react-router";
import type { InstanceDetail } from "../../server/api/instances/instances.schema.ts";
import { useText } from "../i18n/i18n.ts";

/** Links to what a case is about: its grant, and the case that it came from. */
export function Related({ items }: { items: InstanceDetail["related"] }) {
  const { t } = useText();
  return (
    <>
      {items.map(({ kind, id, number }) => (
        <span key={`${kind}${id}`}>
          {" · "}
          {t(kind === "grant" ? "relatedGrant" : "relatedCase")}{" "}
          <Link to={kind === "grant" ? `/grants/${id}` : `/cases/${id}`}>{number}</Link>
        </span>
      ))}
    </>
  );
}
