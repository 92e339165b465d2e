import { describe, expect, test } from 'vitest';
import { etagOf, isInIfNoneMatch } from '../../services/http/etag.ts';

const TAG = etagOf('content');

test('a tag is strong, and the same for the same content alone', () => {
  expect(TAG).toMatch(/^"[A-Za-z0-9_-]{22}"$/);
  expect(etagOf(Buffer.from('content'))).toBe(TAG);
  expect(etagOf('content ')).not.toBe(TAG);
});

describe('If-None-Match', () => {
  test.each([
    ['the tag', TAG],
    ['the tag made weak by a proxy', `W/${TAG}`],
    ['a list', `"a", W/"b",${TAG} , "c"`],
    ['a list with a comma within a tag', `"a,${'b'.repeat(22)}", ${TAG}`],
    ['any', '*'],
    ['any, with space', ' * '],
  ])('names the content by %s', (_, header) => {
    expect(isInIfNoneMatch(header, TAG)).toBe(true);
  });

  test.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['another tag', etagOf('other')],
    ['a list of others', '"a", W/"b"'],
    ['the tag without its quotes', TAG.slice(1, -1)],
    ['the tag within another', `"a${TAG.slice(1, -1)}"`],
    ['a tag of a star', '"*"'],
  ])('does not name it by %s', (_, header) => {
    expect(isInIfNoneMatch(header, TAG)).toBe(false);
  });
});
