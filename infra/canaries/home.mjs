// The front page as a browser gets it, the same path as a program gets it, and a file of the page.
import { check, journey } from './store.mjs';

export const handler = journey(import.meta.url, async (store) => {
    const page = await store.call('GET', '/', { headers: { accept: 'text/html' } });
    check(page.text.includes('id="mysfits"'), 'the front page has no list of mysfits');
    check(!page.text.includes('role="status"'), 'a part of the front page cannot be read');
    const style = page.text.match(/<link[^>]*rel="stylesheet"[^>]*href="([^"]+)"/)?.[1] ?? page.text.match(/href="([^"]+\.css[^"]*)"/)?.[1];
    check(style, 'the front page names no style sheet');
    const sheet = await store.call('GET', style, { headers: { accept: 'text/css' } });
    check(sheet.text.length > 100, 'the style sheet is empty');
    const program = await store.call('GET', '/');
    check(program.json.name === 'Meridian', `the store is called ${program.json.name}`);
});
