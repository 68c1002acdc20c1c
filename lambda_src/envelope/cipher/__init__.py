"""From keys to bytes that can be trusted: derivation, AES-GCM and signatures."""
