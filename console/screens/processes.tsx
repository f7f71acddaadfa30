import { Tag } from "antd";
import { Link } from "react-router";
import type { DefinitionSummary } from "../../server/api/definitions/definitions.schema.ts";
import { useText } from "../i18n/i18n.ts";
import { ImportButton } from "../parts/import-button.tsx";
import { Loaded, Page, useApi } from "../parts/page.tsx";
import { useMe } from "../parts/session.tsx";
import { chinaTime } from "../parts/time.ts";
import { Scroll } from "../parts/scroll.tsx";

export function Processes() {
  const me = useMe();
  const { t, pick } = useText();
  const definitions = useApi<{ items: DefinitionSummary[] }>("/api/definitions");
  return (
    <Page title={t("menuProcesses")} extra={me.may.design && <ImportButton />}>
      <Loaded result={definitions}>
        {({ items }) => (
          <Scroll label={t("menuProcesses")}>
            <table>
              <thead>
                <tr>
                  {[
                    t("process"),
                    t("version"),
                    t("state"),
                    t("running"),
                    t("deployedAt"),
                    t("deployedBy"),
                    t("hash"),
                    "",
                  ].map((heading) => (
                    <th key={heading} scope="col">
                      {heading}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {items.map((item) => (
                  <tr key={item.id}>
                    <td>
                      {pick(item.name)} <span className="muted">{item.key}</span>
                    </td>
                    <td>{item.version}</td>
                    <td>
                      <Tag>{t(item.state)}</Tag>
                    </td>
                    <td>{item.runningInstances}</td>
                    <td>{chinaTime(item.deployedAt)}</td>
                    <td>{item.deployedBy}</td>
                    <td>
                      <code>{item.hash.slice(0, 10)}</code>
                    </td>
                    <td>
                      <div className="row">
                        <Link
                          to={`/processes/${item.id}`}
                          aria-label={`${me.may.design ? t("edit") : t("open")} ${item.key} ${item.version}`}
                        >
                          {me.may.design ? t("edit") : t("open")}
                        </Link>
                        <Link
                          to={`/processes/${item.id}/forms`}
                          aria-label={`${t("menuForms")} ${item.key} ${item.version}`}
                        >
                          {t("menuForms")}
                        </Link>
                        {item.version > 1 && (
                          <Link
                            to={`/processes/${item.id}/changes`}
                            aria-label={`${t("versionChanges")} ${item.key} ${item.version}`}
                          >
                            {t("versionChanges")}
                          </Link>
                        )}
                        {me.may.simulate && (
                          <Link
                            to={`/processes/${item.id}/simulation`}
                            aria-label={`${t("simulate")} ${item.key} ${item.version}`}
                          >
                            {t("simulate")}
                          </Link>
                        )}
                      </div>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        )}
      </Loaded>
    </Page>
  );
}
