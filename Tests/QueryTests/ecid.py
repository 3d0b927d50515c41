# Prints the ECIDs of the first users, as the notebooks make them. It shares nothing with the Swift code: the
# hash is written from its public description, byte by byte. Argument: how many.
import sys

M = (1 << 64) - 1


def rotl(x, r):
    return ((x << r) | (x >> (64 - r))) & M


def mix(k):
    k ^= k >> 33
    k = k * 0xFF51AFD7ED558CCD & M
    k ^= k >> 33
    k = k * 0xC4CEB9FE1A85EC53 & M
    return k ^ (k >> 33)


def murmur(data):
    c1, c2 = 0x87C37B91114253D5, 0x4CF5AD432745937F
    h1 = h2 = 0
    for start in range(0, len(data) // 16 * 16, 16):
        k1 = int.from_bytes(data[start:start + 8], "little")
        k2 = int.from_bytes(data[start + 8:start + 16], "little")
        h1 ^= rotl(k1 * c1 & M, 31) * c2 & M
        h1 = ((rotl(h1, 27) + h2) * 5 + 0x52DCE729) & M
        h2 ^= rotl(k2 * c2 & M, 33) * c1 & M
        h2 = ((rotl(h2, 31) + h1) * 5 + 0x38495AB5) & M
    tail = data[len(data) // 16 * 16:]
    k1 = int.from_bytes(tail[:8], "little")
    k2 = int.from_bytes(tail[8:], "little")
    h2 ^= rotl(k2 * c2 & M, 33) * c1 & M
    h1 ^= rotl(k1 * c1 & M, 31) * c2 & M
    h1 ^= len(data)
    h2 ^= len(data)
    h1 = (h1 + h2) & M
    h2 = (h2 + h1) & M
    h1, h2 = mix(h1), mix(h2)
    h1 = (h1 + h2) & M
    return h1, (h2 + h1) & M


def half(value):
    signed = value - (1 << 64) if value >> 63 else value
    text = str(abs(signed))
    missing = 19 - len(text)
    # The notebooks' own line.
    return "".join(str(digit) for digit in range(0, missing)) + text if missing > 0 else text


for user in range(int(sys.argv[1])):
    low, high = murmur(f"synthetic-user-{user}@adobe.com".encode())
    print(half(low) + half(high))
