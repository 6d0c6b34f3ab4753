"""Prorata: billing of licences by subscription, with every amount explained."""
