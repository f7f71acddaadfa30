/** Key of the text of a kind of notices; a dot would part the key. */
export function kindKey(kind: string): string {
  return `noticeKind_${kind.replace(".", "_")}`;
}
