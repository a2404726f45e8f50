package topiary.raft.ratis;

import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;

/**
 * What members prove to each other with: both ends show a certificate.
 *
 * @param own this member's key and certificate; asked for each connection anew
 * @param others whom it trusts; likewise
 */
public record LinkKeys(KeyManager own, TrustManager others) {}
