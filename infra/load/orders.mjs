// Steady load on a store, with a spike of orders in the middle, and a look at each order at the end. Needs node alone.
//   STORE    https://store.example.com
//   RATE     requests a second; one of ten is an order (default 20)
//   SECONDS  how long (default 300); during the middle third there are SPIKE more orders
//   SPIKE    share by which orders grow (default 0.3)
// The last line is JSON. Exit code 0: every order that the store took is there; 1: one is lost.
import { randomUUID } from 'node:crypto';

const store = process.env.STORE;
const rate = Number(process.env.RATE ?? 20);
const seconds = Number(process.env.SECONDS ?? 300);
const spike = Number(process.env.SPIKE ?? 0.3);
if (!/^https?:\/\/[^/]+$/.test(store ?? '') || !(rate > 0) || !(seconds > 0) || !(spike >= 0)) {
    console.error('STORE must be an address without a path; RATE, SECONDS and SPIKE are numbers.');
    process.exit(2);
}
const ADDRESS = {
    firstName: 'Load',
    lastName: 'Journey',
    email: 'load@example.com',
    address1: '1 Quay',
    city: 'Galway',
    state: 'CT',
    zipCode: '06001',
};
const taken = new Map();
const counts = { reads: 0, orders: 0, failed: 0, slow: 0 };

async function call(method, path, body, headers = {}) {
    const started = Date.now();
    try {
        const answer = await fetch(store + path, {
            method,
            headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
            body: body ? JSON.stringify(body) : undefined,
            signal: AbortSignal.timeout(5_000),
        });
        if (Date.now() - started > 1_000) counts.slow++;
        const text = await answer.text();
        return { status: answer.status, json: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : undefined };
    } catch {
        return { status: 0 };
    }
}

/** Tries the same order again while the answer does not say what became of it: the key makes it one. */
async function order(product) {
    counts.orders++;
    const headers = { 'idempotency-key': randomUUID(), 'x-customer-id': 'load-' + randomUUID() };
    const body = { items: [{ productId: product.id, quantity: 1 }], shippingAddress: ADDRESS };
    for (let attempt = 0; attempt < 5; attempt++) {
        const { status, json } = await call('POST', '/orders', body, headers);
        if (status === 200 || status === 202) return void taken.set(json.id, headers['x-customer-id']);
        if (status >= 400 && status < 500 && status !== 429) break;
        await new Promise((resume) => setTimeout(resume, 200 * 2 ** attempt));
    }
    counts.failed++;
}

async function read(path) {
    counts.reads++;
    const { status } = await call('GET', path);
    if (status !== 200) counts.failed++;
}

const products = (await call('GET', '/catalog/products?page=1&size=50')).json?.filter((p) => p.stock === null || p.stock > 0);
if (!products?.length) {
    console.error('The store has no product that can be bought.');
    process.exit(1);
}
const running = new Set();
const begin = Date.now();
let due = 0;
for (let now = 0; now < seconds; now = (Date.now() - begin) / 1000) {
    const high = now > seconds / 3 && now < (2 * seconds) / 3;
    for (due += rate / 20; due >= 1; due--) {
        const work = [Math.random() < 0.9 ? read('/catalog/products?page=1&size=20') : order(products[taken.size % products.length])];
        if (high && Math.random() < 0.1 * spike) work.push(order(products[0]));
        for (const one of work) running.add(one.finally(() => running.delete(one)));
    }
    await new Promise((resume) => setTimeout(resume, 50));
}
await Promise.all(running);

let lost = 0;
let open = 0;
for (const [id, customer] of taken) {
    let answer = await call('GET', '/orders/' + id, undefined, { 'x-customer-id': customer });
    for (let i = 0; i < 20 && answer.status !== 200; i++) {
        await new Promise((resume) => setTimeout(resume, 500));
        answer = await call('GET', '/orders/' + id, undefined, { 'x-customer-id': customer });
    }
    if (answer.status !== 200) {
        lost++;
        console.error('lost: ' + id);
    } else if (answer.json.status === 'ACCEPTED') open++;
}
console.log(JSON.stringify({ ...counts, taken: taken.size, open, lost }));
process.exit(lost === 0 ? 0 : 1);
