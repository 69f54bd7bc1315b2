/** What opens the studio: the token, which the page gets for the code in its address and keeps for this origin alone. */

const KEPT = "jazzgen studio: token";

/** Where a browser keeps nothing, the tab does. */
function kept(): string {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

let token = $state(kept());

// Another tab that was opened with a new address lets this one in, too.
addEventListener("storage", ({ key }) => {
  if (key === KEPT) token = kept();
});

export function keep(given: string): void {
  token = given;
  try {
    localStorage.setItem(KEPT, given);
  } catch {
    return;
  }
}

export function hasToken(): boolean {
  return token !== "";
}

/** The header that every request sends. */
export function proof(): Record<string, string> {
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** An address that a link may have: with a ticket, since links send no headers. */
export async function ticketed(address: string): Promise<string> {
  const text = new TextEncoder();
  const hash = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", text.encode(token), hash, false, ["sign"]);
  const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", key, text.encode(address)));
  const ticket = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${address}${address.includes("?") ? "&" : "?"}ticket=${ticket}`;
}
