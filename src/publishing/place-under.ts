/** A place below an address, as an API's; what the address has behind a question mark stays there. */
export function placeUnder(url: string, path: string): URL {
  const place = new URL(url);
  const above = place.pathname.replace(/\/+$/, "");
  place.pathname = above.endsWith(path) ? above : `${above}${path}`;
  return place;
}
