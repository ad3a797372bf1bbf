// Base64 as Go reads it (encoding/base64): line breaks do not matter.

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Whether a text is base64. */
export function isBase64(text: string): boolean {
  return BASE64.test(withoutBreaks(text));
}

/** The text that is encoded; undefined if it is not base64. */
export function decodeBase64(text: string): string | undefined {
  return isBase64(text) ? new TextDecoder().decode(Uint8Array.from(atob(withoutBreaks(text)), character => character.charCodeAt(0))) : undefined;
}

function withoutBreaks(text: string): string {
  return text.replace(/[\r\n]/g, '');
}
