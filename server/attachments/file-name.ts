/** Control characters, the marks that turn the direction of text, and others that nobody sees. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\u2028\u2029]/gu;
const longest = 200;

/**
 * The name of an uploaded file as people may see and save it: without folders and without characters that hide what it
 * is (a right-to-left mark makes `exe.pdf` of `fdp.exe`), otherwise as typed. `null` when nothing is left of it.
 */
export function cleanFileName(typed: string): string | null {
  const last = typed.normalize("NFC").split(/[/\\]/).at(-1) ?? "";
  const seen = last.replace(unseen, "").replace(/[<>:"|?*]/g, "_");
  const trimmed = seen.replace(/^[\s.]+|[\s.]+$/g, "");
  return trimmed === "" ? null : shortened(trimmed);
}

/** What comes after the last dot, in lower case; empty where there is no dot. */
export function endingOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot < 1 ? "" : name.slice(dot + 1).toLowerCase();
}

function shortened(name: string): string {
  const letters = Array.from(name);
  if (letters.length <= longest) return name;
  const ending = Array.from(endingOf(name));
  const kept = ending.length > 0 && ending.length < 20 ? [".", ...ending] : [];
  return [...letters.slice(0, longest - kept.length), ...kept].join("");
}
