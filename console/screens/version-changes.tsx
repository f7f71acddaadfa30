import { Tag } from "antd";
import { useParams, useSearchParams } from "react-router";
import type { DefinitionDetail } from "../../server/api/definitions/definitions.schema.ts";
import type { VersionChanges } from "../../server/api/definitions/version-changes.schema.ts";
import { query } from "../api/client.ts";
import { useText } from "../i18n/i18n.ts";
import { Picture } from "../parts/case-parts.tsx";
import { Loaded, Page, useApi } from "../parts/page.tsx";
import { SelectField } from "../parts/select-field.tsx";
import { Scroll } from "../parts/scroll.tsx";

/** How a version of a process differs from an earlier one: in words, element by element, and where in the picture. */
export function VersionChangesScreen() {
  const { id = "" } = useParams();
  const [search, setSearch] = useSearchParams();
  const since = search.get("since") ?? undefined;
  const changes = useApi<VersionChanges>(`/api/definitions/${id}/changes${query({ since })}`);
  return (
    <Loaded result={changes}>
      {(data) => <Differences changes={data} onCompare={(other) => setSearch({ since: other })} />}
    </Loaded>
  );
}

interface DifferencesProps {
  readonly changes: VersionChanges;
  readonly onCompare: (since: string) => void;
}

function Differences({ changes, onCompare }: DifferencesProps) {
  const { t, pick } = useText();
  const { before, after, elements, forms, versions, name } = changes;
  const others = versions.filter((version) => version.id !== after.id);
  return (
    <Page title={`${t("versionChanges")} · ${pick(name)} ${t("version")} ${after.version}`}>
      {others.length > 0 && (
        <SelectField<string>
          id="since"
          label={t("versionChangesSince")}
          style={{ maxWidth: 240 }}
          value={before?.id ?? null}
          onChange={onCompare}
          options={others.map((version) => ({ value: version.id, label: `${t("version")} ${version.version}` }))}
        />
      )}
      {before === null && <p>{t("versionChangesFirst")}</p>}
      {before !== null && elements.length + forms.length === 0 && <p>{t("versionChangesNone")}</p>}
      {elements.length > 0 && <ElementTable elements={elements} />}
      {forms.length > 0 && (
        <section className="card">
          <h2>{t("menuForms")}</h2>
          <ul>
            {forms.map(({ form, change }) => (
              <li key={form}>
                <Tag>{t(`versionChange_${change}`)}</Tag> {form}
              </li>
            ))}
          </ul>
        </section>
      )}
      <Drawn id={after.id} elements={elements} />
    </Page>
  );
}

/** The later version, with what is new or otherwise in it marked. */
function Drawn({ id, elements }: { id: string; elements: VersionChanges["elements"] }) {
  const { t } = useText();
  const definition = useApi<DefinitionDetail>(`/api/definitions/${id}`);
  const marked = elements
    .filter(({ change }) => change === "added" || change === "changed")
    .map(({ element }) => element);
  if (!definition.data?.xml.includes("BPMNDiagram")) return null;
  return (
    <section className="card">
      <h2>{t("picture")}</h2>
      <p className="muted">{t("versionChangesMarked")}</p>
      <Picture definitionId={id} picture={{ active: marked, completed: [], flows: [], incidents: [] }} />
    </section>
  );
}

function ElementTable({ elements }: { elements: VersionChanges["elements"] }) {
  const { t, pick, colon } = useText();
  return (
    <Scroll label={t("versionChanges")}>
      <table>
        <thead>
          <tr>
            {[t("versionChange"), t("versionChangesElement"), t("versionChangesWhat")].map((heading) => (
              <th key={heading} scope="col">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {elements.map(({ element, type, name, change, properties }) => (
            <tr key={element}>
              <td>
                <Tag>{t(`versionChange_${change}`)}</Tag>
              </td>
              <td>
                {pick(name)} <span className="muted">{`${type} ${element}`}</span>
              </td>
              <td>
                {properties.map(({ property, before, after }) => (
                  <div key={property}>
                    <code>{property}</code>
                    {colon}
                    {before ?? "—"} → {after ?? "—"}
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
