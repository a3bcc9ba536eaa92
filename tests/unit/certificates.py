#!/usr/bin/env python3
"""Certificates, good and bad, for the tests of what speaks TLS: certificates.py FOLDER
makes them there. It wants openssl."""

import os
import subprocess
import sys


class Authority:
    """A certificate authority in a folder of its own."""

    def __init__(self, folder, name):
        self.folder = os.path.join(folder, name)
        os.mkdir(self.folder)
        self.file("index.txt", "")
        self.file("serial", "01\n")
        self.config = self.file("ca.cnf", f"""\
[ca]
default_ca = own
[own]
dir = {self.folder}
database = {self.folder}/index.txt
serial = {self.folder}/serial
new_certs_dir = {self.folder}
certificate = {self.folder}/ca.pem
private_key = {self.folder}/ca.key
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
""")
        self.openssl("req", "-x509", *self.key("ca"), "-out", "ca.pem", "-days", "2",
                     "-subj", f"/CN={name}")

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True,
                       stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)

    @staticmethod
    def key(name):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", f"{name}.key"]

    def issue(self, name, host, begins, ends):
        """Both as YYMMDDHHMMSSZ."""
        self.openssl("req", *self.key(name), "-out", f"{name}.csr", "-subj", f"/CN={host}",
                     "-addext", f"subjectAltName=DNS:{host}")
        self.openssl("ca", "-batch", "-config", self.config, "-in", f"{name}.csr", "-out",
                     f"{name}.pem", "-startdate", begins, "-enddate", ends, "-notext")
        return self.pair(name)

    def self_signed(self, name, host):
        self.openssl("req", "-x509", *self.key(name), "-out", f"{name}.pem", "-days", "2",
                     "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}")
        return self.pair(name)

    def pair(self, name):
        return (os.path.join(self.folder, f"{name}.pem"),
                os.path.join(self.folder, f"{name}.key"))


def make(folder):
    """{name: (certificate, key)}, files in FOLDER/ours; the authorities are ours/ca.pem and
    other/ca.pem, and all but "name" are for localhost."""
    ours, other = Authority(folder, "ours"), Authority(folder, "other")
    begun, ended, coming, far = (year + "0101000000Z" for year in ("20", "21", "48", "49"))
    return {
        "good": ours.issue("good", "localhost", begun, far),
        "name": ours.issue("name", "else.example", begun, far),
        "expired": ours.issue("expired", "localhost", begun, ended),
        "early": ours.issue("early", "localhost", coming, far),
        "other": other.issue("other", "localhost", begun, far),
        "self": ours.self_signed("self", "localhost"),
    }


if __name__ == "__main__":
    make(sys.argv[1])
